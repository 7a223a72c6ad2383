package dev.connectionregistry.registry;

import org.jspecify.annotations.Nullable;

/** The registry could not be reached, refused, or answered something unusable. The message says what to do next. */
public class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** Why a call on the registry failed. */
    public enum Kind {
        /** No answer: network, name, time-out, or the service's own failure. */
        UNREACHABLE,
        /** The registry asked for fewer calls. */
        THROTTLED,
        /** No or wrong credentials, or the right is missing. */
        DENIED,
        /** There is no such table. */
        TABLE_MISSING,
        /** The answer, or what was asked, makes no sense. */
        INVALID,
        /** A write of which it can't be said whether it took effect. */
        OUTCOME_UNKNOWN
    }

    /** With a message for the user and what caused it. */
    public RegistryException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Why the call failed. */
    public Kind kind() {
        return kind;
    }

    /** Whether the same call may succeed a little later, without anybody doing anything. */
    public boolean isPassing() {
        return kind == Kind.UNREACHABLE || kind == Kind.THROTTLED;
    }
}
