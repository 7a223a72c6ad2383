package dev.connectionregistry.admin.common;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A command could not do what it was asked. Says what happened and what to do next; contains no secret. */
public final class OperationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final String next;

    /** Why; decides the exit code. */
    public enum Reason {
        /** No such database, or no such version of it. */
        UNKNOWN,
        /** It is there already. */
        ALREADY_THERE,
        /** The settings in the registry, or the answer, make no sense. */
        UNREADABLE,
        /** The registry is out of reach or refuses. */
        REGISTRY,
        /** Somebody else wrote first. */
        CONFLICT,
        /** A cutover is under way, and ordinary changes have to wait for its end. */
        CUTOVER_UNDER_WAY,
        /** The fleet did not get there in time. */
        NOT_CONVERGED,
        /** The operator stopped it. */
        INTERRUPTED,
        /** It failed, and everything was undone. */
        UNDONE,
        /** A question was answered with no, or could not be asked. */
        NOT_CONFIRMED,
        /** Anything else. */
        FAILED;

        /** For machines: {@code not-converged}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public OperationException(Reason reason, String message, String next) {
        this(reason, message, next, null);
    }

    /** With what happened, what to do next (may be empty), and the cause. */
    public OperationException(Reason reason, String message, String next, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.next = next;
    }

    public Reason reason() {
        return reason;
    }

    /** What to do next, a command as a rule; may be empty. */
    public String next() {
        return next;
    }
}
