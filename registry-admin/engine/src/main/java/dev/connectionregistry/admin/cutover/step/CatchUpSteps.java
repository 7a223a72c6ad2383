package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.BarrierChoice;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What brings the target to where the source stands, behind the fence. */
final class CatchUpSteps {
    private static final Duration USUAL = Duration.ofSeconds(10);
    /** How long, and how often at most, the hold's questions are asked beforehand: the JVM compiles only what has run often. */
    private static final Duration PRACTICE = Duration.ofMillis(400);

    private static final int MOST_PRACTICE = 20;
    /** A replication that is further behind than this has no business in a hold. */
    private static final Duration KEEPS_UP = Duration.ofSeconds(15);

    private CatchUpSteps() {}

    static List<StepAction> all() {
        return List.of(
                new StepAction(Step.BARRIER, "wait until the target has everything", USUAL, CatchUpSteps::barrier),
                new StepAction(Step.SEQUENCES, "set the sequences", USUAL, CatchUpSteps::sequences),
                new StepAction(Step.VERIFY, "compare the two servers", USUAL, VerifyWork::run),
                new StepAction(Step.REVERSE_SLOT, "make the slot for the way back", USUAL, CatchUpSteps::reverseSlot));
    }

    /**
     * Does now, while nobody waits, what the hold will do once more: replication is shown to keep up, the sequences need only
     * their last steps, and nothing is done for the first time with callers at the gate. What replicates otherwise than by WAL
     * position may never be caught up while there are writes, and isn't waited for.
     *
     * @return what was seen, to be added to other evidence
     */
    static String before(CutoverRun run, Duration bound) throws StepFailure, ServerException, InterruptedException {
        long start = run.timing().nanoTime();
        boolean byPosition = run.options().barrier().kind() == BarrierChoice.Kind.REPLICATION;
        if (byPosition) {
            Duration patience = bound.compareTo(KEEPS_UP) < 0 ? bound : KEEPS_UP;
            run.servers().barrier().await(run.servers().source(), patience);
        }
        long caughtUp = run.timing().nanoTime() - start;
        practise(run, bound);
        return byPosition
                ? "; replication keeps up, within " + Duration.ofNanos(caughtUp).toMillis() + " ms"
                : "";
    }

    private static void practise(CutoverRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        long start = run.timing().nanoTime();
        int rounds = 0;
        do {
            beforehand(run, run.servers().source().sequences(bound), bound);
            if (run.servers().isFencePlanned()) {
                run.servers().source().dryRunProof(run.servers().barrier().slots(bound), bound);
            }
            VerifyWork.before(run, bound);
            run.registry().requireLock();
            rounds++;
        } while (rounds < MOST_PRACTICE && run.timing().nanoTime() - start < PRACTICE.toNanos());
    }

    /** A rehearsal changes nothing on the target, and sequences never go back: there it is enough that they can be read. */
    private static void beforehand(CutoverRun run, List<SequenceState> positions, Duration bound)
            throws ServerException {
        if (!run.spec().rehearsal()) {
            run.servers().target(bound).setSequences(positions, 0, bound);
        }
    }

    private static Evidence barrier(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        return Evidence.of(run.servers().barrier().await(run.servers().source(), bound));
    }

    private static Evidence sequences(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        List<SequenceState> positions = run.servers().source().sequences(bound);
        long margin = run.options().sequenceMargin();
        run.servers().target(bound).setSequences(positions, margin, run.within(bound));
        return Evidence.of(Plural.of(positions.size(), "sequence") + (margin > 0 ? ", margin " + margin : ""));
    }

    private static Evidence reverseSlot(CutoverRun run, Duration bound) throws ServerException {
        Optional<String> slot = run.journal().record().reverseSlot();
        if (slot.isEmpty()) {
            return Evidence.of("none asked for");
        }
        run.servers().target(bound).createReverseSlot(slot.get(), bound);
        return Evidence.of("slot " + slot.get());
    }
}
