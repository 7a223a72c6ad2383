package dev.connectionregistry.admin.server;

import org.jspecify.annotations.Nullable;

/** A server could not be reached, refused, or isn't as it must be. The message says which, and never contains a secret. */
public final class ServerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What follows from a failure. */
    public enum Kind {
        /** It did not take effect, or is safe to repeat. */
        REFUSED,
        /** It is not as it must be: what was to be shown was shown to be false. */
        NOT_SO,
        /** It was not done in time. */
        TIMED_OUT,
        /** The session is gone. On the source this means that fence and lock are out of our hands. */
        SESSION_LOST
    }

    /** With what went wrong, for the operator: what, which server, numbers, next step. */
    public ServerException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
