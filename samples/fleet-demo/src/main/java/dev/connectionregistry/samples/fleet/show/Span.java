package dev.connectionregistry.samples.fleet.show;

/**
 * A stretch of time that the report marks.
 *
 * @param label what went on
 * @param startMicros from when
 * @param endMicros until when
 */
public record Span(String label, long startMicros, long endMicros) {}
