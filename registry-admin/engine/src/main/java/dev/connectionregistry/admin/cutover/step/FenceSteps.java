package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.fence.FenceDown;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FenceProof;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The fence around the source, always by the plan that was journalled before the hold. */
final class FenceSteps {
    private static final Duration USUAL = Duration.ofSeconds(10);

    private FenceSteps() {}

    static List<StepAction> all() {
        return List.of(
                new StepAction(Step.FENCE, "fence the source", USUAL, StepAction.eachDatabase(FenceSteps::raise)),
                new StepAction(
                        Step.LOWER_FENCE, "take the fence down", USUAL, StepAction.everyDatabase(FenceSteps::lower)));
    }

    /**
     * A coordinator that takes a run over in its hold plans again: anyone who can write the table could have forged a
     * plan in the journal.
     */
    private static Evidence raise(DatabaseRun run, Duration bound) throws StepFailure, ServerException {
        FencePlan plan = run.servers().fencePlan(bound);
        run.note(plan);
        run.servers().source().raise(bound);
        return Evidence.of(plan.kind() + ", " + Plural.of(plan.changes().size(), "change"));
    }

    /** Ends the sessions behind the fence; what follows begins as soon as it is done for a database. */
    static Evidence prove(DatabaseRun run, Duration bound) throws StepFailure, ServerException {
        Optional<Set<String>> slots = run.servers().barrier().slots(bound);
        if (run.options().barrier().isReplication()) {
            run.servers().prepareBarrier(run.within(bound));
        }
        FenceProof proof = run.servers().source().prove(slots, run.within(bound));
        run.prove(proof);
        return Evidence.of(
                Plural.of(proof.sessionsEnded(), "session") + " ended, none is left; trying a write meanwhile");
    }

    private static Evidence lower(DatabaseRun run, Duration bound) throws StepFailure, ServerException {
        FenceDown down = run.servers().source().lower(bound);
        if (!down.left().isEmpty()) {
            run.warn("sessions that began under the fence may still refuse writes on "
                    + run.lead().source().endpoint() + "; end them there: " + down.left());
        }
        return Evidence.of("no fence of this run is up, " + Plural.of(down.sessionsEnded(), "session") + " ended");
    }
}
