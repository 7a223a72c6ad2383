package dev.connectionregistry.admin.server;

import org.jspecify.annotations.Nullable;

/**
 * A server could not be reached, refused, or isn't in the state that it must be in. The message says which, and never
 * contains a secret.
 */
public final class ServerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What a failure means. */
    public enum Kind {
        /** It did not take effect, or is safe to repeat. */
        REFUSED,
        /** A requirement isn't met: what had to be proven is false. */
        NOT_SO,
        /** It was not done in time. */
        TIMED_OUT,
        /** The session is gone. On the source this means that fence and lock are out of our hands. */
        SESSION_LOST
    }

    /** {@code message} says what went wrong, for the operator: what, which server, numbers, next step. */
    public ServerException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
