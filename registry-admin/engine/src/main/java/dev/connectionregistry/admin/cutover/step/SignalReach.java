package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunTimes;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.ReaderRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.settings.Durations;
import java.time.Duration;

/**
 * Verifies before the hold that signals reach every instance, in a run whose poll interval is too long for an instance
 * that would learn of the hold only by a poll. An instance shows by the name of its signal session that heartbeats
 * arrive. A wrong answer would only cost time: a hold that some instance doesn't hear of is undone.
 */
final class SignalReach {
    /** Heartbeats come each second, and an instance that couldn't connect tries again each second. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private SignalReach() {}

    /**
     * Waits for it, five seconds at most for each name.
     *
     * @throws StepFailure if some instance doesn't hear signals
     */
    static void require(CutoverRun run) throws StepFailure, ServerException {
        for (DatabaseRun database : run.databases()) {
            for (GroupMember member : database.members()) {
                require(database, member);
            }
            for (ReaderRun reader : database.readers()) {
                require(database, reader.member());
            }
        }
    }

    private static void require(DatabaseRun database, GroupMember member) throws StepFailure, ServerException {
        CutoverRun run = database.run();
        String name = Announcement.nameOfWhoHears(member.transitionId());
        int instances = run.fleet().look(member.name()).live().size();
        long start = run.timing().nanoTime();
        int hear = database.servers().target(ANSWER).sessionsNamed(name, ANSWER);
        while (hear < instances) {
            if (run.timing().nanoTime() - start >= PATIENCE.toNanos()) {
                throw StepFailure.failed("signals over "
                        + member.target().endpoint() + " reach " + hear + " of the " + instances + " instances of '"
                        + member.name() + "', and with --poll-interval "
                        + Durations.text(run.options().times().pollInterval())
                        + " the others would learn of the hold too late; set it to at most "
                        + Durations.text(RunTimes.LONGEST_UNSIGNALLED_POLL)
                        + ", or see why they can't connect there (their logs say 'no signals')");
            }
            if (!run.timing().pause(PAUSE)) {
                throw StepFailure.stopped();
            }
            hear = database.servers().target(ANSWER).sessionsNamed(name, ANSWER);
        }
    }
}
