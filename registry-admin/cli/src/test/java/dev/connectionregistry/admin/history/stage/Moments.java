package dev.connectionregistry.admin.history.stage;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.step.StepActions;
import java.util.function.Predicate;

/** The lines that a coordinator says, by the step that they speak of. */
public final class Moments {
    private static final StepActions STEPS = StepActions.usual();

    private Moments() {}

    /** The line that says that the step has been done. */
    public static Predicate<String> after(Step step) {
        String title = STEPS.of(step).title();
        return line -> line.contains(" ms  " + title + ":");
    }
}
