package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.decision.Act;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All steps, one for each act. Immutable. */
public final class Steps {
    private final Map<Act, Step> byAct;

    private Steps(Stream<Step> steps) {
        Map<Act, Step> map = new EnumMap<>(Act.class);
        steps.forEach(step -> map.put(step.act(), step));
        byAct = Collections.unmodifiableMap(map);
    }

    /** With these checks before anything is changed. */
    public static Steps with(List<Check> checks) {
        return new Steps(Stream.of(
                        LockSteps.all().stream(),
                        Stream.of(CheckStep.of(checks)),
                        IntervalSteps.all().stream(),
                        PhaseSteps.all().stream(),
                        WaitSteps.all().stream(),
                        FenceSteps.all().stream(),
                        CatchUpSteps.all().stream())
                .flatMap(each -> each));
    }

    /** With the usual checks. */
    public static Steps usual() {
        return with(Checks.USUAL);
    }

    /** The step that does {@code act}. */
    public Step of(Act act) {
        Step step = byAct.get(act);
        if (step == null) {
            throw new IllegalStateException("there is no step for " + act);
        }
        return step;
    }
}
