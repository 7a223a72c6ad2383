package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.decision.Cause;
import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.RegistryException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Executes a step and says how it went, in the terms of the decisions. In an undo, and for what must follow the switch,
 * it waits a while for a failure that may pass; the operator sees that.
 */
final class StepRunner {
    private static final String INTERRUPTED = "interrupted";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** An undo that settles again and again gets at most this many times the patience. */
    private static final int SETTLING = 4;

    private static final Set<Step> MUST_BE_DONE = EnumSet.of(
            Step.TAKE_REGISTRY_LOCK,
            Step.LOOK,
            Step.TAKE_SERVER_LOCK,
            Step.LOWER_FENCE,
            Step.WITHDRAW,
            Step.RESTORE_INTERVAL,
            Step.UNLOCK);
    private static final Set<Step> AT_THE_END = EnumSet.of(Step.RESTORE_INTERVAL, Step.UNLOCK);
    /** Repeating one of these steps is enough to settle what a lost answer would have said. */
    private static final Set<Step> SETTLED_BY_REPEATING =
            EnumSet.of(Step.TAKE_REGISTRY_LOCK, Step.RESTORE_INTERVAL, Step.UNLOCK);

    private static final Set<Step> WRITES_SETTINGS =
            EnumSet.of(Step.QUICKEN, Step.PREPARE, Step.HOLD, Step.SWITCH, Step.WITHDRAW, Step.RESTORE_INTERVAL);

    /**
     * These wait for servers, some for as long as the hold budget, and write nothing to the registry on this thread.
     */
    private static final Set<Step> ENDED_BY_A_STOP = EnumSet.of(
            Step.TAKE_SERVER_LOCK,
            Step.CHECK,
            Step.AWAIT_READY,
            Step.AWAIT_HELD,
            Step.FENCE,
            Step.PROVE,
            Step.BARRIER,
            Step.SEQUENCES,
            Step.VERIFY,
            Step.REVERSE_SLOT);

    private final CutoverRun run;
    private Optional<Long> backSince = Optional.empty();

    StepRunner(CutoverRun run) {
        this.run = run;
    }

    /**
     * How one try went.
     *
     * @param kind how it went, in the terms of the decisions
     * @param evidence what was seen; empty unless it is done
     * @param cause why not
     * @param passing whether it may succeed in a moment
     */
    record Attempt(Kind kind, Optional<Evidence> evidence, Cause cause, boolean passing) {
        private static Attempt not(Kind kind, @org.jspecify.annotations.Nullable String cause, boolean passing) {
            return new Attempt(kind, Optional.empty(), Cause.of(String.valueOf(cause)), passing);
        }

        /** The same, but a failure counts as the operator's stop: its error only shows how the stop ended it. */
        private Attempt stopped() {
            if (kind == Kind.DONE || cause.stopped()) {
                return this;
            }
            boolean says = !cause.text().equals(INTERRUPTED);
            Cause why = says ? Cause.STOPPED.and(" (" + cause + ")") : Cause.STOPPED;
            return new Attempt(kind, Optional.empty(), why, false);
        }
    }

    /** Executes it, repeatedly where that is called for. */
    Attempt perform(StepAction step) {
        RunState state = run.state();
        if (state.undoing() && backSince.isEmpty()) {
            backSince = Optional.of(run.timing().nanoTime());
        }
        boolean insists = MUST_BE_DONE.contains(step.step())
                && (state.undoing() || AT_THE_END.contains(step.step()) || isSettledByRepeating(step.step()));
        return insists ? insist(step) : once(step);
    }

    /** A lock of which nobody knows whether it is taken would block everybody. */
    private static boolean isSettledByRepeating(Step step) {
        return step == Step.TAKE_REGISTRY_LOCK;
    }

    private Attempt insist(StepAction step) {
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

    /** Before an undo, only a lost answer is worth another try. */
    private boolean mayRepeat(StepAction step, Attempt attempt) {
        return run.state().undoing() || AT_THE_END.contains(step.step()) || attempt.kind() == Kind.UNKNOWN;
    }

    /** Settling what is unknown can't go on for ever. */
    private Attempt givenUp(Attempt attempt) {
        boolean settles = attempt.kind() == Kind.UNKNOWN || attempt.kind() == Kind.SESSION_LOST;
        Duration longest = run.options().times().patience().multipliedBy(SETTLING);
        boolean tooLong = backSince
                .filter(since -> elapsed(since).compareTo(longest) >= 0)
                .isPresent();
        return settles && tooLong
                ? new Attempt(
                        Kind.FAILED,
                        Optional.empty(),
                        attempt.cause().and("; given up after " + FleetEvents.seconds(longest)),
                        false)
                : attempt;
    }

    private Duration elapsed(long since) {
        return Duration.ofNanos(run.timing().nanoTime() - since);
    }

    private Attempt once(StepAction step) {
        if (!run.heedsStop() || !ENDED_BY_A_STOP.contains(step.step())) {
            return tried(step);
        }
        try (StopRelay stop = StopRelay.open(run.timing(), run)) {
            Attempt attempt = tried(step);
            return stop.passedOn() ? attempt.stopped() : attempt;
        }
    }

    private Attempt tried(StepAction step) {
        try {
            Evidence evidence = work(step);
            return new Attempt(Kind.DONE, Optional.of(evidence), Cause.NONE, false);
        } catch (StepFailure e) {
            return new Attempt(e.kind(), Optional.empty(), e.why(), false);
        } catch (RegistryException e) {
            return registry(step.step(), e);
        } catch (ServerException e) {
            return server(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Attempt.not(Kind.FAILED, INTERRUPTED, false);
        } catch (RuntimeException | Error e) { // whatever it is, what was begun must be undone
            Kind kind = WRITES_SETTINGS.contains(step.step()) ? Kind.UNKNOWN : Kind.FAILED;
            return Attempt.not(
                    kind,
                    "this should not have happened: " + e.getClass().getSimpleName() + ": " + e.getMessage(),
                    false);
        }
    }

    /**
     * If a step fails, what it started on the side is ended first: none of it may take effect once the undo has begun.
     */
    private Evidence work(StepAction step) throws StepFailure, ServerException, InterruptedException {
        boolean done = false;
        try {
            Evidence evidence = step.work().run(run, run.within(step.usual()));
            done = true;
            return evidence;
        } finally {
            if (!done) {
                run.endQuestions();
            }
        }
    }

    private static Attempt registry(Step step, RegistryException e) {
        if (e.kind() == RegistryException.Kind.OUTCOME_UNKNOWN) {
            return Attempt.not(Kind.UNKNOWN, e.getMessage(), SETTLED_BY_REPEATING.contains(step));
        }
        return Attempt.not(Kind.FAILED, e.getMessage(), e.isPassing());
    }

    /** Only the session on the source carries a right with it; one on the target is opened again when it is needed. */
    private Attempt server(ServerException e) {
        if (e.kind() != ServerException.Kind.SESSION_LOST) {
            return Attempt.not(Kind.FAILED, e.getMessage(), e.kind() != ServerException.Kind.NOT_SO);
        }
        if (run.isSourceLost() && run.state().session()) {
            return Attempt.not(Kind.SESSION_LOST, e.getMessage(), false);
        }
        run.forgetTargets();
        return Attempt.not(Kind.FAILED, e.getMessage(), true);
    }
}
