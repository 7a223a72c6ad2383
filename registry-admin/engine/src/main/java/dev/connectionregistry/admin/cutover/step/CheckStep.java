package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes every check, so that the operator sees all that is wrong at once; then has the fence's plan journalled. */
final class CheckStep {
    private static final Duration USUAL = Duration.ofMinutes(2);

    private CheckStep() {}

    static StepAction of(List<CutoverCheck> checks) {
        List<CutoverCheck> all = List.copyOf(checks);
        return new StepAction(
                Step.CHECK, "check both servers and the fleet", USUAL, (run, bound) -> run(run, all, bound));
    }

    private static Evidence run(CutoverRun run, List<CutoverCheck> checks, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        run.servers().beginChecks();
        try {
            return look(run, checks, bound);
        } finally {
            run.servers().checked();
        }
    }

    private static Evidence look(CutoverRun run, List<CutoverCheck> checks, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        List<String> problems = new ArrayList<>();
        for (CutoverCheck check : checks) {
            requireGoOn(run);
            try {
                check.work().look(run, bound);
            } catch (StepFailure e) {
                rethrowUnlessFailed(e);
                problems.add(String.valueOf(e.getMessage()));
            } catch (ServerException e) {
                if (e.kind() == ServerException.Kind.SESSION_LOST) {
                    throw e;
                }
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw StepFailure.failed(String.join("\n", once(problems)));
        }
        run.journal().require();
        return Evidence.of(Plural.of(checks.size(), "check") + " passed; barrier: "
                + run.servers().barrier().describe() + "; fence: "
                + run.journal()
                        .record()
                        .fence()
                        .map(FencePlan::kind)
                        .map(String::valueOf)
                        .orElse("none"));
    }

    /** What several checks stumble over is reported once: by one that says more before it, if there is one. */
    static List<String> once(List<String> problems) {
        return problems.stream()
                .distinct()
                .filter(each -> problems.stream().noneMatch(other -> other.endsWith(": " + each)))
                .toList();
    }

    private static void requireGoOn(CutoverRun run) throws StepFailure {
        if (run.timing().stopped()) {
            throw StepFailure.stopped();
        }
    }

    private static void rethrowUnlessFailed(StepFailure failure) throws StepFailure {
        if (failure.kind() != Kind.FAILED || failure.isStopped()) {
            throw failure;
        }
    }
}
