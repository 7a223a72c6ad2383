package dev.connectionregistry.admin.server;

/**
 * Where a sequence stands.
 *
 * @param schema its schema, unquoted
 * @param name its name, unquoted
 * @param lastValue as the server says it
 * @param called whether {@code lastValue} was handed out already
 */
public record SequenceState(String schema, String name, long lastValue, boolean called) {}
