package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.step.CutoverChecks.Looking;
import dev.connectionregistry.admin.preflight.Check;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All step actions, one for each step. Immutable. */
public final class StepActions {
    private final Map<Step, StepAction> byStep;

    private StepActions(Stream<StepAction> steps) {
        Map<Step, StepAction> map = new EnumMap<>(Step.class);
        steps.forEach(step -> map.put(step.step(), step));
        byStep = Collections.unmodifiableMap(map);
    }

    /** All step actions, with these checks before anything is changed. */
    public static StepActions with(List<Check<Looking>> checks) {
        return new StepActions(Stream.of(
                        LockSteps.all().stream(),
                        Stream.of(CheckStep.of(checks)),
                        IntervalSteps.all().stream(),
                        PhaseSteps.all().stream(),
                        WaitSteps.all().stream(),
                        FenceSteps.all().stream(),
                        StepAction.inTurn(CatchUpSteps.all()).stream())
                .flatMap(each -> each));
    }

    public static StepActions usual() {
        return with(CutoverChecks.USUAL);
    }

    /** The action that executes {@code which}. */
    public StepAction of(Step which) {
        StepAction step = byStep.get(which);
        if (step == null) {
            throw new IllegalStateException("there is no step for " + which);
        }
        return step;
    }
}
