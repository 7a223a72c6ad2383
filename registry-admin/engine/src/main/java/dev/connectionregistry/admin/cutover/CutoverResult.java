package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The result of a run, as far as this coordinator took it.
 *
 * @param spec what was to be done
 * @param state what it knew at its end
 * @param steps what it did, in order
 * @param hold how long callers could have been waiting, from the first HOLD it wrote to the switch or the undo; empty
 *     if it wrote none
 * @param holdKnown how long it took from that HOLD until this coordinator knew that callers had been let go, where that
 *     was later
 * @param versions the newest version of each name's settings that it read or wrote; without those that it did not read
 * @param sourceMajor which Postgres the source is; empty if it wasn't asked
 * @param warnings what else the operator should know
 */
public record CutoverResult(
        RunSpec spec,
        RunState state,
        List<StepRecord> steps,
        Optional<Duration> hold,
        Optional<Duration> holdKnown,
        Map<DatabaseName, Long> versions,
        OptionalInt sourceMajor,
        List<String> warnings) {
    public CutoverResult {
        steps = List.copyOf(steps);
        versions = Map.copyOf(versions);
        warnings = List.copyOf(warnings);
    }

    /** The newest version of the first name's settings that it read or wrote; empty if it read none. */
    public Optional<Long> version() {
        return Optional.ofNullable(versions.get(spec.database()));
    }

    public RunOutcome outcome() {
        return state.outcome().orElseThrow();
    }
}
