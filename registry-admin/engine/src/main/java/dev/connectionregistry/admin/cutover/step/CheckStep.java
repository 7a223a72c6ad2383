package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.CutoverChecks.Looking;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.preflight.Check;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy.Place;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes every check, so that the operator sees all that is wrong at once; then plans the fence and has all of it journalled. */
final class CheckStep {
    private static final Duration USUAL = Duration.ofMinutes(2);

    private CheckStep() {}

    static StepAction of(List<Check<Looking>> checks) {
        List<Check<Looking>> all = List.copyOf(checks);
        return new StepAction(
                Step.CHECK, "check both servers and the fleet", USUAL, (run, bound) -> run(run, all, bound));
    }

    private static Evidence run(CutoverRun run, List<Check<Looking>> checks, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        run.servers().beginChecks();
        try {
            return look(run, checks, bound);
        } finally {
            run.servers().checked();
        }
    }

    private static Evidence look(CutoverRun run, List<Check<Looking>> checks, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        Looking looking = new Looking(run, run.servers().source(), bound);
        Set<String> problems = new LinkedHashSet<>();
        for (Check<Looking> check : checks) {
            Finding finding = orFailure(run, () -> check.look().at(looking));
            requireGoOn(run);
            if (finding.outcome() == Outcome.FAIL) {
                problems.add(text(finding));
            } else if (finding.outcome() == Outcome.WARN) {
                run.warn(text(finding));
            }
        }
        Finding planned = orFailure(
                run, () -> Finding.pass(run.servers().fencePlan(bound).kind().toString()));
        if (planned.outcome() == Outcome.FAIL) {
            problems.add(planned.message());
        }
        if (!problems.isEmpty()) {
            throw StepFailure.failed(String.join("\n", problems));
        }
        run.journal().identities(looking.source().identity(), looking.target().identity());
        run.journal().fence(run.servers().fencePlan(bound));
        run.journal().require();
        return Evidence.of(Plural.of(checks.size(), "check") + " passed; barrier: "
                + run.servers().barrier().describe() + "; fence: " + planned.message());
    }

    private interface Look {
        Finding at() throws StepFailure, ServerException;
    }

    /** What a server refuses is a finding, too; a target that lets nobody in is one finding, whoever meets it. */
    private static Finding orFailure(CutoverRun run, Look look) throws StepFailure, ServerException {
        Optional<ServerException> told = run.servers().refusal();
        try {
            return look.at();
        } catch (ServerException e) {
            if (e.kind() == ServerException.Kind.SESSION_LOST) {
                throw e;
            }
            return told.filter(e::equals).isPresent()
                    ? Finding.pass("not made: the target lets nobody in")
                    : Finding.fail(String.valueOf(e.getMessage()));
        }
    }

    /** Without commands: what they would show is said, and the operator is in one. */
    private static String text(Finding finding) {
        return finding.message()
                + finding.remedies().stream()
                        .filter(each -> each.place() != Place.COMMAND)
                        .map(each -> "; " + each.text())
                        .collect(Collectors.joining());
    }

    private static void requireGoOn(CutoverRun run) throws StepFailure {
        if (run.timing().stopped()) {
            throw StepFailure.stopped();
        }
    }
}
