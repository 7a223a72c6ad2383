package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.ReaderServer.State;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.ReaderRun;
import dev.connectionregistry.admin.cutover.run.RunServers.Lane;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.CutoverChecks.Looking;
import dev.connectionregistry.admin.preflight.Check;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;

/**
 * What is done for the readers of a Postgres database's standbys: it is proven that they are readers, and that their
 * targets have what the primary's target has before they are switched. Their sources are not fenced, since a standby
 * accepts no writes.
 */
final class ReaderSteps {
    private ReaderSteps() {}

    /** Takes what was found. */
    interface Findings {
        void add(Looking looking, Finding finding) throws StepFailure;
    }

    /**
     * Makes the checks of the readers.
     *
     * @return what was seen, to be added to other evidence
     */
    static String look(DatabaseRun run, List<Check<Looking>> checks, Duration bound, Findings findings)
            throws StepFailure, ServerException {
        StringBuilder seen = new StringBuilder();
        for (ReaderRun reader : run.readers()) {
            Looking looking = new Looking(run, reader.member(), run.servers().source(), bound);
            for (Check<Looking> check : checks) {
                if (CutoverChecks.isAboutReader(check)) {
                    findings.add(
                            looking, CheckStep.orFailure(run, () -> check.look().at(looking)));
                }
            }
            Finding servers = CheckStep.orFailure(run, () -> servers(run, reader, bound));
            findings.add(looking, servers);
            seen.append("; ").append(servers.message());
        }
        return seen.toString();
    }

    /** A copy of the target may be ahead of it; a standby of it never is. */
    private static Finding servers(DatabaseRun run, ReaderRun reader, Duration bound)
            throws StepFailure, ServerException {
        require(run, reader, bound);
        TargetServer target = run.servers().target(bound);
        StringBuilder seen = new StringBuilder();
        for (State each : reader.requireTarget(target.identity(), bound)) {
            long behind = each.behind(target.durablePosition(bound));
            if (behind < 0) {
                return Finding.fail(each.server() + " has replayed " + each.position()
                        + ", a position that the target has not reached yet: it is a standby of a copy of the target");
            }
            seen.append(seen.isEmpty() ? "" : ", ")
                    .append(each.server())
                    .append(each.standby() ? ", a standby of the target, " + behind + " bytes behind" : ", the target");
        }
        return Finding.pass("'" + reader.member().name() + "' reads from standbys of '"
                + reader.member().primary().orElseThrow() + "' and goes to " + seen);
    }

    /**
     * Verifies that the readers are readers, and that they go to the target or its standbys.
     *
     * @throws ServerException {@code NOT_SO} naming the server that is something else
     */
    static void require(DatabaseRun run, Duration bound) throws StepFailure, ServerException {
        for (ReaderRun reader : run.readers()) {
            require(run, reader, bound);
        }
    }

    private static void require(DatabaseRun run, ReaderRun reader, Duration bound) throws StepFailure, ServerException {
        reader.requireSource(run.servers().source().identity(), bound);
        reader.requireTarget(run.servers().target(bound).identity(), bound);
    }

    /**
     * Waits until the readers' targets have what the primary's target has now, while no caller waits: that shows that
     * they keep up.
     *
     * @return what was seen, to be added to other evidence
     */
    static String before(DatabaseRun run, Duration bound) throws StepFailure, ServerException, InterruptedException {
        if (run.readers().isEmpty()) {
            return "";
        }
        long start = run.timing().nanoTime();
        TargetServer target = run.servers().target(bound);
        begin(run, target.identity(), target.durablePosition(bound), bound);
        awaitReplay(run, bound);
        return "the targets of readers keep up, within "
                + Duration.ofNanos(run.timing().nanoTime() - start).toMillis() + " ms";
    }

    /** Begins to wait for them, once all of the source's rows and the sequences are on the target; {@link #awaitReplay} has the result. */
    static void beginReplay(DatabaseRun run, Duration bound) throws ServerException {
        if (!run.readers().isEmpty()) {
            TargetServer target = run.servers().target(Lane.SEQUENCES, run.within(bound));
            begin(run, target.identity(), target.durablePosition(run.within(bound)), run.within(bound));
        }
    }

    private static void begin(DatabaseRun run, PostgresIdentity target, String position, Duration bound) {
        run.readers().forEach(reader -> reader.beginReplay(target, position, bound));
    }

    /**
     * Waits until all of them have it.
     *
     * @return what was seen, to be added to other evidence
     */
    static String awaitReplay(DatabaseRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        StringBuilder seen = new StringBuilder();
        for (ReaderRun reader : run.readers()) {
            seen.append("; ").append(reader.awaitReplay(run.within(bound)));
        }
        return seen.toString();
    }
}
