package dev.connectionregistry.admin.server;

/**
 * The position of a sequence.
 *
 * @param schema its schema, unquoted
 * @param name its name, unquoted
 * @param lastValue its last value, as the server reports it
 * @param called whether {@code lastValue} was handed out already
 */
public record SequenceState(String schema, String name, long lastValue, boolean called) {}
