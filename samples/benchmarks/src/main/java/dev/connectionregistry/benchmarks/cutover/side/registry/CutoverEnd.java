package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes.Step;
import dev.connectionregistry.registry.InstanceState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A {@code registry-admin cutover} that has ended, in whatever way. Immutable. */
public final class CutoverEnd {
    private static final int SWITCHED = 0;
    /** Also switched; but not every instance was seen on the target. */
    private static final int NOT_ALL_SEEN = 4;

    private static final int LONGEST_REASON = 300;

    private final AdminProgram.Ended ended;

    CutoverEnd(AdminProgram.Ended ended) {
        this.ended = ended;
    }

    /** One that ended with this exit code, and wrote this to standard output and to standard error. */
    public static CutoverEnd of(int exitCode, String out, String errors) {
        return new CutoverEnd(new AdminProgram.Ended("registry-admin cutover", exitCode, out, errors));
    }

    /** Whether services are on the target, and every instance was seen there. */
    public boolean isComplete() {
        return ended.exitCode() == SWITCHED;
    }

    /** Whether the registry says the target. */
    public boolean isSwitched() {
        return isComplete() || ended.exitCode() == NOT_ALL_SEEN;
    }

    /** Why it isn't complete: in one line what the command says. */
    public String why() {
        String cause = CutoverDocument.cause(ended.out()).orElse(ended.errors());
        String line = cause.strip().lines().findFirst().orElse("no reason given");
        return "exit code " + ended.exitCode() + ": "
                + (line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + " ..." : line);
    }

    /**
     * Where its time went.
     *
     * @throws dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException if it isn't complete
     */
    public CutoverTimes times() {
        return CutoverDocument.parse(ended.required());
    }

    /** The parts of the hold by what the instances saw; waits some seconds for what they are still to see. */
    List<Step> holdParts(List<Witness> instances) {
        return HoldParts.of(held(), CutoverDocument.beginnings(ended.out()), instances);
    }

    /** The same from when the last instance came to each state; empty if one of the states isn't there. */
    public List<Step> holdParts(Map<InstanceState, Instant> last) {
        return last.keySet().containsAll(Set.of(InstanceState.HOLDING, InstanceState.HELD, InstanceState.ACTIVE))
                ? HoldParts.of(
                        held(), CutoverDocument.beginnings(ended.out()), state -> Optional.ofNullable(last.get(state))
                                .orElseThrow())
                : List.of();
    }

    private Duration held() {
        return Duration.ofNanos(Math.round(times().holdMillis() * 1e6));
    }
}
