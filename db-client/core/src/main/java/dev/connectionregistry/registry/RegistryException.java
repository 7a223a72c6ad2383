package dev.connectionregistry.registry;

import org.jspecify.annotations.Nullable;

/** The registry couldn't be reached, refused, or gave an unusable answer. The message says what to do next. */
public class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** Why a call on the registry failed. */
    public enum Kind {
        /** No answer: network, name, time-out, or the service's own failure. */
        UNREACHABLE,
        /** The registry is throttling calls. */
        THROTTLED,
        /** No credentials, wrong credentials, or a missing right. */
        DENIED,
        /** The table doesn't exist. */
        TABLE_MISSING,
        /** The answer or the request makes no sense. */
        INVALID,
        /** It is not known whether a write took effect. */
        OUTCOME_UNKNOWN
    }

    public RegistryException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Why the call failed. */
    public Kind kind() {
        return kind;
    }

    /** Whether the same call may succeed a little later, without anybody fixing anything. */
    public boolean isPassing() {
        return kind == Kind.UNREACHABLE || kind == Kind.THROTTLED;
    }
}
