package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.RunServers.Lane;
import dev.connectionregistry.admin.cutover.run.RunServers.QuestionName;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.DatabaseStep;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.settings.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The steps that bring the target up to the source, from the proof that the fence holds. Work that doesn't depend on
 * the step before it runs beside that step, on sessions of its own: the barrier also begins the look at the source, and
 * the step that sets the sequences also begins the rest of the comparison and the slot. The steps for these wait for
 * the results.
 */
final class CatchUpSteps {
    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final QuestionName<Boolean> SEQUENCES = new QuestionName<>("cutover-sequences", Boolean.class);
    private static final QuestionName<String> REVERSE_SLOT = new QuestionName<>("cutover-reverse-slot", String.class);
    /** A replication that is further behind than this would be too slow for a hold. */
    private static final Duration KEEPS_UP = Duration.ofSeconds(15);

    private CatchUpSteps() {}

    static List<DatabaseStep> all() {
        return List.of(
                new DatabaseStep(Step.PROVE, "prove that the fence holds", USUAL, FenceSteps::prove),
                new DatabaseStep(Step.BARRIER, "wait until the target has everything", USUAL, CatchUpSteps::barrier),
                new DatabaseStep(Step.SEQUENCES, "set the sequences", USUAL, CatchUpSteps::sequences),
                new DatabaseStep(Step.VERIFY, "compare the two servers", USUAL, VerifyWork::run),
                new DatabaseStep(
                        Step.REVERSE_SLOT, "make the slot for the way back", USUAL, CatchUpSteps::reverseSlot));
    }

    /**
     * Does beforehand what the hold will do again, while no caller waits: that shows that replication keeps up, sets
     * the sequences, which then need only their last steps, and lets the hold do nothing for the first time. A barrier
     * that doesn't compare WAL positions may never be reached while there are writes, so this doesn't wait for it.
     *
     * @return what was seen, to be added to other evidence
     */
    static String before(DatabaseRun run, Duration bound) throws StepFailure, ServerException, InterruptedException {
        VerifyWork.before(run, bound); // first: it names a migration, which else would only show as stopped replication
        long start = run.timing().nanoTime();
        boolean byPosition = run.options().barrier().isReplication();
        if (byPosition) {
            run.servers().barrier().await(run.servers().source(), Durations.min(bound, KEEPS_UP));
        }
        long caughtUp = run.timing().nanoTime() - start;
        String readers = ReaderSteps.before(run, Durations.min(bound, KEEPS_UP));
        run.servers().openBesideSource(bound);
        // its calls have the bounds that those of the hold will have, which then need not be told to the servers again
        Duration asInHold = Durations.min(bound, run.options().times().holdBudget());
        Practice.repeat(run.timing(), () -> {
            practise(run, asInHold);
            return true;
        });
        if (!run.spec().rehearsal() && run.options().sequenceMargin() > 0) {
            run.servers().target(Lane.SEQUENCES, bound).readSequenceColumns(asInHold);
        }
        if (!run.spec().rehearsal() && run.servers().isFencePlanned()) {
            run.servers().source().prepareProof();
        }
        String replication = byPosition
                ? "replication keeps up, within " + Duration.ofNanos(caughtUp).toMillis() + " ms"
                : "";
        return Stream.of(replication, readers).filter(each -> !each.isEmpty()).collect(Collectors.joining("; "));
    }

    private static void practise(DatabaseRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        beforehand(run, run.servers().source().sequences(bound), bound);
        if (run.servers().isFencePlanned()) {
            run.servers().source().dryRunProof(run.servers().barrier().slots(bound), bound);
        }
        run.servers().barrier().prepare(bound);
        VerifyWork.before(run, bound);
        run.requireSameTarget(bound);
    }

    /**
     * A rehearsal changes nothing on the target, and sequences never go back, so it is enough that a rehearsal can read
     * them. Logs in wherever the hold needs a session.
     */
    private static void beforehand(DatabaseRun run, List<SequenceState> positions, Duration bound)
            throws ServerException {
        if (run.spec().rehearsal()) {
            return;
        }
        run.servers().target(Lane.SEQUENCES, bound).setSequences(positions, 0, bound);
        if (run.reverseSlot().isPresent()) {
            run.servers().target(Lane.SLOT, bound);
        }
    }

    /** Meanwhile the comparison begins with the source. */
    private static Evidence barrier(DatabaseRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        if (run.options().barrier().isReplication()) {
            VerifyWork.beginEarly(run, bound);
        }
        return Evidence.of(run.servers().awaitBarrier(run.within(bound)));
    }

    /**
     * After the barrier, when nothing that is applied on the target uses a sequence any more. Reads the source's
     * sequences first, because the comparison may need the session there.
     */
    private static Evidence sequences(DatabaseRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        List<SequenceState> positions = run.servers().source().sequences(run.within(bound));
        long margin = run.options().sequenceMargin();
        run.servers()
                .ask(
                        SEQUENCES,
                        Lane.SEQUENCES,
                        (target, within) -> {
                            target.setSequences(positions, margin, within);
                            return true;
                        },
                        run.within(bound));
        beginReverseSlot(run, bound);
        VerifyWork.begin(run, bound);
        run.servers().answer(SEQUENCES, run.within(bound));
        ReaderSteps.beginReplay(run, bound);
        return Evidence.of(Plural.of(positions.size(), "sequence") + (margin > 0 ? ", margin " + margin : ""));
    }

    /** If anything fails afterwards, the undo drops the slot. */
    private static void beginReverseSlot(DatabaseRun run, Duration bound) throws ServerException {
        Optional<String> slot = run.reverseSlot();
        if (slot.isPresent()) {
            run.servers()
                    .ask(
                            REVERSE_SLOT,
                            Lane.SLOT,
                            (target, within) -> {
                                target.createReverseSlot(slot.get(), within);
                                return slot.get();
                            },
                            run.within(bound));
        }
    }

    private static Evidence reverseSlot(DatabaseRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        Optional<String> slot = run.reverseSlot();
        if (slot.isEmpty()) {
            return Evidence.of("none asked for");
        }
        String made = run.servers()
                .answer(REVERSE_SLOT, run.within(bound))
                .orElseThrow(() -> StepFailure.failed("slot " + slot.get() + " was not begun"));
        return Evidence.of("slot " + made);
    }
}
