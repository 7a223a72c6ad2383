package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes.Step;
import dev.connectionregistry.registry.InstanceState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Puts what the coordinator and the instances saw, all by the clock of one machine, on one line from the write of HOLD to the
 * last instance that lets its callers go. Each part ends where the next begins, so that they add up. For one thread.
 */
final class HoldParts {
    private final List<Step> parts = new ArrayList<>();
    private final Instant beginning;
    private Instant end;

    private HoldParts(Instant beginning) {
        this.beginning = beginning;
        this.end = beginning;
    }

    /**
     * The parts, in order.
     *
     * @param held from before the write of HOLD to after that of the switch, as the command says
     * @param began when each of the coordinator's steps began
     * @param instances when each instance came to its states
     * @throws dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException if a step or a state is missing
     */
    static List<Step> of(Duration held, Map<String, Instant> began, List<Witness> instances) {
        return of(held, began, state -> last(instances, state));
    }

    /** The same from when the last instance came to each state. */
    static List<Step> of(Duration held, Map<String, Instant> began, Function<InstanceState, Instant> last) {
        HoldParts line = new HoldParts(
                CutoverDocument.beginning(began, CutoverDocument.SWITCH_WRITTEN).minus(held));
        line.until("HOLD is written", CutoverDocument.beginning(began, "await-held"));
        line.until("the last instance has heard of HOLD", last.apply(InstanceState.HOLDING));
        line.until("nothing is in use there any more", last.apply(InstanceState.HELD));
        line.until("the coordinator knows that every instance holds", CutoverDocument.beginning(began, "fence"));
        line.until("fence", CutoverDocument.beginning(began, "prove"));
        line.until("prove", CutoverDocument.beginning(began, "barrier"));
        line.until("barrier", CutoverDocument.beginning(began, "sequences"));
        line.until("sequences", CutoverDocument.beginning(began, "verify"));
        line.until("verify", CutoverDocument.beginning(began, "switch"));
        line.until("the switch is written", CutoverDocument.beginning(began, CutoverDocument.SWITCH_WRITTEN));
        line.until("the last instance has heard of the switch", last.apply(InstanceState.ACTIVE));
        return List.copyOf(line.parts);
    }

    private static Instant last(List<Witness> instances, InstanceState state) {
        return instances.stream()
                .map(each -> each.reached(state))
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** An instance may have read what was written before the writer has the answer: such a part took no time. */
    private void until(String name, Instant moment) {
        Instant later = moment.isAfter(end) ? moment : end;
        parts.add(new Step(name, millis(beginning, end), millis(end, later)));
        end = later;
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }
}
