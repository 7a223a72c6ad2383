package dev.connectionregistry.admin.cli.terminal;

/**
 * What the user wants to see.
 *
 * @param json documents instead of text
 * @param verbose stack traces
 * @param color when to use colours
 */
public record OutputSettings(boolean json, boolean verbose, Color color) {
    /** When to use colours. */
    public enum Color {
        /** On a terminal, unless NO_COLOR is set. */
        AUTO,
        /** Also in a pipe. */
        ALWAYS,
        /** Never. */
        NEVER
    }
}
