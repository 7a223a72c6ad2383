package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.decision.Cause;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;

/** A step was not done. The message is for the operator: what, which, numbers, next step; no secret. */
public final class StepFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final boolean stopped;

    /** {@code kind} is any except {@link Kind#DONE}. */
    public StepFailure(Kind kind, String message) {
        this(kind, Cause.of(message));
    }

    private StepFailure(Kind kind, Cause cause) {
        super(cause.text());
        this.kind = kind;
        this.stopped = cause.stopped();
    }

    /** The operator stopped it; it is not done and won't take effect later. */
    public static StepFailure stopped() {
        return new StepFailure(Kind.FAILED, Cause.STOPPED);
    }

    /** It is not done and won't take effect later. */
    public static StepFailure failed(String message) {
        return new StepFailure(Kind.FAILED, message);
    }

    /** The same, with {@code where} before the message. */
    StepFailure in(String where) {
        return new StepFailure(kind, new Cause(where + getMessage(), stopped));
    }

    /** Whether the operator stopped it. */
    public boolean isStopped() {
        return stopped;
    }

    /** The message, and whether the operator stopped it. */
    public Cause why() {
        return new Cause(String.valueOf(getMessage()), stopped);
    }

    /** What this means for the step, and so decides what follows. */
    public Kind kind() {
        return kind;
    }
}
