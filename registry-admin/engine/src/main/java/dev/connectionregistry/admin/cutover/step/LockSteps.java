package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.CutoverLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The two locks: taken, looked behind, and given back. */
final class LockSteps {
    private static final Duration USUAL = Duration.ofSeconds(15);

    private LockSteps() {}

    static List<StepAction> all() {
        return List.of(
                new StepAction(
                        Step.TAKE_REGISTRY_LOCK, "take the lock in the registry", USUAL, LockSteps::takeRegistryLock),
                new StepAction(Step.LOOK, "look at the current settings", USUAL, LookStep::look),
                new StepAction(Step.TAKE_SERVER_LOCK, "take the lock on the source", USUAL, LockSteps::takeServerLock),
                new StepAction(Step.UNLOCK, "give the locks back", USUAL, LockSteps::unlock));
    }

    /** The coordinator that is taken over may have gone on since the run was found, and planned and raised a fence: what it wrote is read now. */
    private static Evidence takeRegistryLock(CutoverRun run, Duration bound) throws StepFailure {
        boolean takesOver = run.state().purpose().takesOver();
        CutoverLock lock = run.registry().take(takesOver);
        if (run.journal().isBehind()) {
            run.journal().catchUp(run.registry().journal());
        }
        return Evidence.of("epoch " + lock.epoch());
    }

    private static Evidence takeServerLock(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        run.lockSources(run.state().endsOtherSession(), bound);
        List<String> locked = new ArrayList<>();
        for (DatabaseRun each : run.databases()) {
            each.warnOfAnotherSource();
            locked.add("Postgres " + each.servers().source().identity().version() + " at "
                    + each.lead().source().endpoint());
        }
        return Evidence.of(run.perDatabase(locked));
    }

    /** The journal first: it is written under the lock. */
    private static Evidence unlock(CutoverRun run, Duration bound) throws InterruptedException {
        run.databases().forEach(each -> dropReverseSlot(each, bound));
        RunOutcome outcome = run.state().result().orElse(RunOutcome.SWITCHED);
        if (outcome == RunOutcome.SWITCHED || outcome == RunOutcome.SWITCHED_NOT_ALL_SEEN) {
            run.databases().forEach(each -> keepFence(each, bound));
        }
        run.journal().state(run.state(), Optional.of(outcome));
        run.journal().flush().ifPresent(problem -> run.warn("the end of the journal could not be written: " + problem));
        boolean released = run.registry().release();
        run.databases().forEach(each -> each.servers().closeSource());
        return Evidence.of((released ? "released" : "another run has the lock") + "; the journal says "
                + outcome.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    /** A coordinator that resumes a run after its switch has no session for this, and needs none for anything else. */
    private static void keepFence(DatabaseRun run, Duration bound) {
        try {
            if (run.state().session()) {
                run.servers().source().keepFence(bound);
            }
        } catch (ServerException | StepFailure e) {
            run.warn("the fence on " + run.lead().source().endpoint()
                    + " is up, but the note that it stays could not be written there: " + e.getMessage());
        }
    }

    /** Without the switch nothing will ever read it, and it would keep WAL on the target for ever. */
    private static void dropReverseSlot(DatabaseRun run, Duration bound) {
        Optional<String> slot = run.reverseSlot();
        boolean undone = run.state()
                .result()
                .filter(outcome -> outcome == RunOutcome.UNDONE || outcome == RunOutcome.REHEARSED)
                .isPresent();
        if (slot.isEmpty() || !undone || !run.run().journal().record().reverseSlotBegun()) {
            return;
        }
        try {
            run.servers().target(bound).dropReverseSlot(slot.get(), bound);
        } catch (ServerException e) {
            run.warn("the reverse slot '" + slot.get() + "' may be left on "
                    + run.lead().target().endpoint() + " and keeps WAL there; drop it: " + e.getMessage());
        }
    }
}
