package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.decision.Act;
import dev.connectionregistry.admin.cutover.decision.ActResult.Kind;
import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.Evidence;
import dev.connectionregistry.admin.cutover.step.Step;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.RegistryException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Does a step and says how it went, in the words of the decisions. On the way back, and for what must follow the switch, trouble
 * that may pass is sat out for a while; the operator sees it.
 */
final class Attempts {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** Ways back that settle again and again get no more than this many times the patience. */
    private static final int SETTLING = 4;

    private static final Set<Act> MUST_BE_DONE = EnumSet.of(
            Act.TAKE_REGISTRY_LOCK,
            Act.LOOK,
            Act.TAKE_SERVER_LOCK,
            Act.LOWER_FENCE,
            Act.WITHDRAW,
            Act.RESTORE_INTERVAL,
            Act.UNLOCK);
    private static final Set<Act> AT_THE_END = EnumSet.of(Act.RESTORE_INTERVAL, Act.UNLOCK);
    /** Repeating these settles by itself how a lost answer would have been. */
    private static final Set<Act> SETTLED_BY_REPEATING =
            EnumSet.of(Act.TAKE_REGISTRY_LOCK, Act.RESTORE_INTERVAL, Act.UNLOCK);

    private static final Set<Act> WRITES_SETTINGS =
            EnumSet.of(Act.QUICKEN, Act.PREPARE, Act.HOLD, Act.SWITCH, Act.WITHDRAW, Act.RESTORE_INTERVAL);

    private final CutoverRun run;
    private Optional<Long> backSince = Optional.empty();

    Attempts(CutoverRun run) {
        this.run = run;
    }

    /**
     * How one try went.
     *
     * @param kind in the words of the decisions
     * @param evidence what was seen; empty unless it is done
     * @param cause why not; empty if it is done
     * @param passing whether it may go better in a moment
     */
    record Attempt(Kind kind, Optional<Evidence> evidence, String cause, boolean passing) {
        private static Attempt not(Kind kind, @org.jspecify.annotations.Nullable String cause, boolean passing) {
            return new Attempt(kind, Optional.empty(), String.valueOf(cause), passing);
        }
    }

    /** Does it, again and again where that is called for. */
    Attempt perform(Step step) {
        RunState state = run.state();
        if (state.undoing() && backSince.isEmpty()) {
            backSince = Optional.of(run.timing().nanoTime());
        }
        boolean insists = MUST_BE_DONE.contains(step.act())
                && (state.undoing() || AT_THE_END.contains(step.act()) || isSettledByRepeating(step.act()));
        return insists ? insist(step) : once(step);
    }

    /** A lock of which nobody knows whether it is taken would stand in everybody's way. */
    private static boolean isSettledByRepeating(Act act) {
        return act == Act.TAKE_REGISTRY_LOCK;
    }

    private Attempt insist(Step step) {
        Duration patience = run.options().times().patience();
        long start = run.timing().nanoTime();
        Duration pause = FIRST_PAUSE;
        Attempt attempt = once(step);
        boolean told = false;
        while (attempt.passing() && elapsed(start).compareTo(patience) < 0 && mayRepeat(step, attempt)) {
            if (!told) {
                run.warn(step.title() + ": " + attempt.cause() + "; trying again for up to "
                        + FleetEvents.seconds(patience));
                told = true;
            }
            if (!run.timing().rest(pause)) {
                return attempt;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            attempt = once(step);
        }
        return givenUp(attempt);
    }

    /** Before the way back only a lost answer is worth another try. */
    private boolean mayRepeat(Step step, Attempt attempt) {
        return run.state().undoing() || AT_THE_END.contains(step.act()) || attempt.kind() == Kind.UNKNOWN;
    }

    /** Settling what is unknown can't go on for ever. */
    private Attempt givenUp(Attempt attempt) {
        boolean settles = attempt.kind() == Kind.UNKNOWN || attempt.kind() == Kind.SESSION_LOST;
        Duration longest = run.options().times().patience().multipliedBy(SETTLING);
        boolean tooLong = backSince
                .filter(since -> elapsed(since).compareTo(longest) >= 0)
                .isPresent();
        return settles && tooLong
                ? Attempt.not(Kind.FAILED, attempt.cause() + "; given up after " + FleetEvents.seconds(longest), false)
                : attempt;
    }

    private Duration elapsed(long since) {
        return Duration.ofNanos(run.timing().nanoTime() - since);
    }

    private Attempt once(Step step) {
        try {
            Evidence evidence = step.work().run(run, run.within(step.usual()));
            return new Attempt(Kind.DONE, Optional.of(evidence), "", false);
        } catch (StepFailure e) {
            return Attempt.not(e.kind(), e.getMessage(), false);
        } catch (RegistryException e) {
            return registry(step.act(), e);
        } catch (ServerException e) {
            return server(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Attempt.not(Kind.FAILED, "interrupted", false);
        } catch (RuntimeException | Error e) { // whatever it is, what was begun must be undone
            Kind kind = WRITES_SETTINGS.contains(step.act()) ? Kind.UNKNOWN : Kind.FAILED;
            return Attempt.not(
                    kind,
                    "this should not have happened: " + e.getClass().getSimpleName() + ": " + e.getMessage(),
                    false);
        }
    }

    private static Attempt registry(Act act, RegistryException e) {
        if (e.kind() == RegistryException.Kind.OUTCOME_UNKNOWN) {
            return Attempt.not(Kind.UNKNOWN, e.getMessage(), SETTLED_BY_REPEATING.contains(act));
        }
        boolean passing =
                e.kind() == RegistryException.Kind.UNREACHABLE || e.kind() == RegistryException.Kind.THROTTLED;
        return Attempt.not(Kind.FAILED, e.getMessage(), passing);
    }

    /** Only the session on the old server carries a right with it; one on the new server is opened again when it is needed. */
    private Attempt server(ServerException e) {
        if (e.kind() != ServerException.Kind.SESSION_LOST) {
            return Attempt.not(Kind.FAILED, e.getMessage(), e.kind() != ServerException.Kind.NOT_SO);
        }
        if (run.servers().isOldLost() && run.state().session()) {
            return Attempt.not(Kind.SESSION_LOST, e.getMessage(), false);
        }
        run.servers().forgetFresh();
        return Attempt.not(Kind.FAILED, e.getMessage(), true);
    }
}
