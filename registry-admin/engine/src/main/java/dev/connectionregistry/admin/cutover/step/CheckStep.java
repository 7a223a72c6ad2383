package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.CutoverChecks.Looking;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.preflight.Check;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy.Place;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes every check, so that the operator sees everything that is wrong at once; then plans the fence and journals all
 * of it.
 */
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
        Set<String> problems = new LinkedHashSet<>();
        List<String> seen = new ArrayList<>();
        for (DatabaseRun database : run.databases()) {
            database.servers().beginChecks();
            try {
                seen.add(look(database, checks, bound, problems));
            } finally {
                database.servers().checked();
            }
        }
        if (!problems.isEmpty()) {
            throw StepFailure.failed(String.join("\n", problems));
        }
        for (DatabaseRun database : run.databases()) {
            database.note(
                    database.servers().source().identity(),
                    database.servers().target(bound).identity(),
                    database.servers().fencePlan(bound));
        }
        run.journal().require();
        return Evidence.of(run.perDatabase(seen));
    }

    /**
     * Makes every check for the first name of a Postgres database, and for the other names only the checks that are
     * about a name.
     */
    private static String look(DatabaseRun run, List<Check<Looking>> checks, Duration bound, Set<String> problems)
            throws StepFailure, ServerException {
        int made = 0;
        for (GroupMember member : run.members()) {
            Looking looking = new Looking(run, member, run.servers().source(), bound);
            for (Check<Looking> check : checks) {
                if (member.equals(run.lead()) || CutoverChecks.isAboutName(check)) {
                    made++;
                    note(looking, orFailure(run, () -> check.look().at(looking)), problems);
                }
            }
        }
        String readers = ReaderSteps.look(run, checks, bound, (looking, finding) -> note(looking, finding, problems));
        Finding planned = orFailure(
                run, () -> Finding.pass(run.servers().fencePlan(bound).kind().toString()));
        if (planned.outcome() == Outcome.FAIL) {
            problems.add(of(run, run.lead()) + planned.message());
        }
        return Plural.of(made, "check") + " passed; barrier: "
                + run.servers().barrier().describe() + "; fence: " + planned.message() + readers;
    }

    private static void note(Looking looking, Finding finding, Set<String> problems) throws StepFailure {
        requireGoOn(looking.run());
        String text = of(looking.run(), looking.member()) + text(finding);
        if (finding.outcome() == Outcome.FAIL) {
            problems.add(text);
        } else if (finding.outcome() == Outcome.WARN) {
            looking.run().warn(text);
        }
    }

    /** In a group, says which name something is about. */
    private static String of(DatabaseRun run, GroupMember member) {
        return run.spec().members().size() > 1 ? "'" + member.name() + "': " : "";
    }

    interface Look {
        Finding at() throws StepFailure, ServerException;
    }

    /**
     * A server's refusal is a finding, too; a target that lets nobody in is one finding, however many checks run into
     * it.
     */
    static Finding orFailure(DatabaseRun run, Look look) throws StepFailure, ServerException {
        Optional<ServerException> told = run.servers().refusal();
        try {
            return look.at();
        } catch (ServerException e) {
            if (e.kind() == ServerException.Kind.SESSION_LOST) {
                throw e;
            }
            return told.filter(e::equals).isPresent()
                    ? Finding.pass("not made: the target refuses logins")
                    : Finding.fail(String.valueOf(e.getMessage()));
        }
    }

    /** Leaves the commands out: the text says what they would show, and the operator is already running one. */
    private static String text(Finding finding) {
        return finding.message()
                + finding.remedies().stream()
                        .filter(each -> each.place() != Place.COMMAND)
                        .map(each -> "; " + each.text())
                        .collect(Collectors.joining());
    }

    private static void requireGoOn(DatabaseRun run) throws StepFailure {
        if (run.timing().stopped()) {
            throw StepFailure.stopped();
        }
    }
}
