package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The result of a run, as far as this coordinator took it.
 *
 * @param spec what was to be done
 * @param state what it knew at its end
 * @param steps what it did, in order
 * @param hold how long callers could have been waiting, from the first HOLD it wrote to the switch or the way back; empty
 *     if it wrote none
 * @param holdKnown how long it took from that HOLD until this coordinator knew that callers had been let go, where that was later
 * @param version the newest version of the settings that it read or wrote; empty if it read none
 * @param sourceMajor which Postgres the source is; empty if it wasn't asked
 * @param warnings what the operator should know besides
 */
public record CutoverResult(
        RunSpec spec,
        RunState state,
        List<StepRecord> steps,
        Optional<Duration> hold,
        Optional<Duration> holdKnown,
        Optional<Long> version,
        OptionalInt sourceMajor,
        List<String> warnings) {
    public CutoverResult {
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
    }

    public RunOutcome outcome() {
        return state.outcome().orElseThrow();
    }
}
