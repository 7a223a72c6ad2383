package dev.connectionregistry.admin.cutover.decision;

/**
 * Why something was not done.
 *
 * @param text for people; empty if nothing went wrong
 * @param stopped whether the operator asked for it, so that there is nothing to fix
 */
public record Cause(String text, boolean stopped) {
    /** Nothing went wrong. */
    public static final Cause NONE = new Cause("", false);

    /** The operator stopped it. */
    public static final Cause STOPPED = new Cause("stopped by the operator", true);

    /** Something went wrong. */
    public static Cause of(String text) {
        return new Cause(text, false);
    }

    /** The same, with {@code more} to say; nothing if nothing went wrong. */
    public Cause and(String more) {
        return text.isEmpty() ? this : new Cause(text + more, stopped);
    }

    @Override
    public String toString() {
        return text;
    }
}
