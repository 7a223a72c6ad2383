package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;

/** A step was not done. The message is for the operator: what, which, numbers, next step; no secret. */
public final class StepFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** Of this kind, which isn't {@link Kind#DONE}. */
    public StepFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** It is not done and won't take effect later. */
    public static StepFailure failed(String message) {
        return new StepFailure(Kind.FAILED, message);
    }

    /** What follows. */
    public Kind kind() {
        return kind;
    }
}
