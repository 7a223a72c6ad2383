package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.OldServer;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.decision.Act;
import dev.connectionregistry.admin.cutover.decision.Found;
import dev.connectionregistry.admin.cutover.decision.Outcome;
import dev.connectionregistry.admin.cutover.decision.Purpose;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The two locks: taken, looked behind, and given back. */
final class LockSteps {
    private static final Duration USUAL = Duration.ofSeconds(15);

    private LockSteps() {}

    static List<Step> all() {
        return List.of(
                new Step(Act.TAKE_REGISTRY_LOCK, "take the lock in the registry", USUAL, LockSteps::takeRegistryLock),
                new Step(Act.LOOK, "look at what stands", USUAL, LockSteps::look),
                new Step(Act.TAKE_SERVER_LOCK, "take the lock on the old server", USUAL, LockSteps::takeServerLock),
                new Step(Act.UNLOCK, "give the locks back", USUAL, LockSteps::unlock));
    }

    /** Whoever is taken over may have gone on since the run was found, and planned and raised a fence: what it wrote is read now. */
    private static Evidence takeRegistryLock(CutoverRun run, Duration bound) throws StepFailure {
        boolean takesOver = run.state().purpose().takesOver();
        CutoverLock lock = run.registry().take(takesOver);
        if (run.journal().isBehind()) {
            run.journal().catchUp(run.registry().journal());
        }
        return Evidence.of("epoch " + lock.epoch());
    }

    private static Evidence look(CutoverRun run, Duration bound) throws StepFailure, InterruptedException {
        ReadResult read = run.registry().look();
        run.registry().requireLock(); // after it, or a successor's writes could be taken for what stands under our lock
        Found found = found(run.spec(), read);
        if (found == Found.STEADY_OLD || found == Found.SWITCHED) {
            run.hold().foundOver();
        }
        boolean isNew = !run.state().undoing() && !run.state().purpose().takesOver();
        if (isNew && found == Found.STEADY_OLD) {
            requireBase(run);
            run.journal().require();
        }
        if (found == Found.STEADY_OLD
                && run.state().purpose() == Purpose.RESUME
                && !run.state().undoing()) {
            requireUnchanged(run);
        }
        return new Evidence(describe(read), Optional.of(found));
    }

    /** What was chosen was chosen for the settings as they were then. */
    private static void requireBase(CutoverRun run) throws StepFailure {
        VersionedSettings current = run.registry().current();
        if (current.version() != run.spec().baseVersion()) {
            throw StepFailure.failed("version " + current.version() + " was written by "
                    + current.change().by() + " at " + current.change().at() + ", after version "
                    + run.spec().baseVersion() + " was read; give the command again");
        }
    }

    /** While nothing of the run stood, anybody could write; the target was made from the settings as they were before. */
    private static void requireUnchanged(CutoverRun run) throws StepFailure {
        VersionedSettings current = run.registry().current();
        ConnectionSettings old = run.spec().old();
        if (!current.settings().withPolling(old.polling()).equals(old)) {
            throw StepFailure.failed("the settings were changed after the run began; version " + current.version()
                    + " was written by " + current.change().by() + " at "
                    + current.change().at() + "; end the run with 'cutover abort "
                    + run.spec().database() + "' and begin anew");
        }
    }

    /** What {@code read} means to this run. */
    static Found found(RunSpec spec, ReadResult read) {
        if (!(read instanceof ReadResult.Found settings)) {
            return Found.FOREIGN;
        }
        Optional<Transition> transition = settings.settings().transition();
        if (transition.isPresent()) {
            boolean ours = transition.get().id().equals(spec.id());
            boolean holds = transition.get().phase() == Transition.Phase.HOLD;
            Found phase = holds ? Found.HELD : Found.PREPARED;
            return ours ? phase : Found.FOREIGN;
        }
        var endpoint = settings.settings().settings().endpoint();
        if (endpoint.equals(spec.old().endpoint())) {
            return Found.STEADY_OLD;
        }
        return endpoint.equals(spec.target().endpoint()) ? Found.SWITCHED : Found.FOREIGN;
    }

    private static String describe(ReadResult read) {
        if (read instanceof ReadResult.Found found) {
            VersionedSettings settings = found.settings();
            return "version " + settings.version() + ": " + settings.settings().endpoint()
                    + settings.transition()
                            .map(transition -> ", " + transition + ", " + transition.phase())
                            .orElse(", steady");
        }
        return read instanceof ReadResult.Malformed malformed
                ? "settings that can't be used: " + malformed.problem()
                : "the database is not in the registry";
    }

    private static Evidence takeServerLock(CutoverRun run, Duration bound) throws ServerException {
        boolean takeOver = run.state().endsOtherSession();
        OldServer old = run.servers().openOld(takeOver, bound);
        return Evidence.of("Postgres " + old.identity().version() + " at "
                + run.spec().old().endpoint());
    }

    /** The journal first: it is written under the lock. */
    private static Evidence unlock(CutoverRun run, Duration bound) throws InterruptedException {
        dropReverseSlot(run, bound);
        Outcome outcome = run.state().result().orElse(Outcome.SWITCHED);
        if (outcome == Outcome.SWITCHED || outcome == Outcome.SWITCHED_NOT_ALL_SEEN) {
            keepFence(run, bound);
        }
        run.journal().state(run.state(), Optional.of(outcome));
        run.journal().flush().ifPresent(problem -> run.warn("the journal's last page is not written: " + problem));
        boolean released = run.registry().release();
        run.servers().closeOld();
        return Evidence.of((released ? "released" : "the lock was no longer ours") + "; the journal says "
                + outcome.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    /** Whoever resumes a run behind its switch has no session for it, and needs none for anything else. */
    private static void keepFence(CutoverRun run, Duration bound) {
        try {
            if (run.state().session()) {
                run.servers().old().keepFence(bound);
            }
        } catch (ServerException | StepFailure e) {
            run.warn("the fence on " + run.spec().old().endpoint()
                    + " is up, but that it stays could not be noted there: " + e.getMessage());
        }
    }

    /** Without the switch nothing will ever read it, and it would keep WAL on the new server for ever. */
    private static void dropReverseSlot(CutoverRun run, Duration bound) {
        Optional<String> slot = run.journal().record().reverseSlot();
        boolean undone = run.state()
                .result()
                .filter(outcome -> outcome == Outcome.UNDONE || outcome == Outcome.REHEARSED)
                .isPresent();
        if (slot.isEmpty() || !undone || !run.journal().record().reverseSlotBegun()) {
            return;
        }
        try {
            run.servers().fresh(bound).dropReverseSlot(slot.get(), bound);
        } catch (ServerException e) {
            run.warn("the reverse slot '" + slot.get() + "' may be left on "
                    + run.spec().target().endpoint() + " and keeps WAL there; drop it: " + e.getMessage());
        }
    }
}
