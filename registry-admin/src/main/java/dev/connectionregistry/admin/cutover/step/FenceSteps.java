package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.context.CutoverRun;
import dev.connectionregistry.admin.cutover.context.StepFailure;
import dev.connectionregistry.admin.cutover.decision.Act;
import dev.connectionregistry.admin.cutover.server.FenceDown;
import dev.connectionregistry.admin.cutover.server.FencePlan;
import dev.connectionregistry.admin.cutover.server.FenceProof;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The fence around the old server, always by the plan that was journalled before the hold. */
final class FenceSteps {
    private static final Duration USUAL = Duration.ofSeconds(10);

    private FenceSteps() {}

    static List<Step> all() {
        return List.of(
                new Step(Act.FENCE, "fence the old server", USUAL, FenceSteps::raise),
                new Step(Act.PROVE, "prove that the fence holds", USUAL, FenceSteps::prove),
                new Step(Act.LOWER_FENCE, "take the fence down", USUAL, FenceSteps::lower));
    }

    private static Evidence raise(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        FencePlan plan = plan(run);
        run.servers().old().raise(plan, bound);
        return Evidence.of(plan.kind() + ", " + plan.up().size() + " statements");
    }

    private static Evidence prove(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        FenceProof proof = run.servers().old().prove(plan(run), bound);
        run.prove(proof);
        return Evidence.of(proof.sessionsEnded() + " sessions ended, nobody is left; trying a write meanwhile");
    }

    private static Evidence lower(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        Optional<FencePlan> plan = run.journal().record().fence();
        if (plan.isEmpty()) { // a fence is only ever put up by a plan that stands in the journal
            return Evidence.of("none was planned, so none is up");
        }
        FenceDown down = run.servers().old().lower(plan.get(), bound);
        if (!down.left().isEmpty()) {
            run.warn("sessions that began under the fence may go on refusing writes on "
                    + run.spec().old().endpoint() + "; end them there: " + down.left());
        }
        return Evidence.of(plan.get().kind() + " fence down, " + down.sessionsEnded() + " sessions ended");
    }

    private static FencePlan plan(CutoverRun run) throws StepFailure {
        return run.journal()
                .record()
                .fence()
                .orElseThrow(() -> StepFailure.failed("the journal of "
                        + run.spec().id() + " has no plan of the fence; abort this run and begin anew"));
    }
}
