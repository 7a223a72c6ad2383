package dev.connectionregistry.admin.history.stage;

import dev.connectionregistry.admin.cutover.decision.Act;
import dev.connectionregistry.admin.cutover.step.Steps;
import java.util.function.Predicate;

/** The lines that a coordinator says, by the step that they speak of. */
public final class Moments {
    private static final Steps STEPS = Steps.usual();

    private Moments() {}

    /** The line that says that the step has been done. */
    public static Predicate<String> after(Act act) {
        String title = STEPS.of(act).title();
        return line -> line.contains(" ms  " + title + ":");
    }
}
