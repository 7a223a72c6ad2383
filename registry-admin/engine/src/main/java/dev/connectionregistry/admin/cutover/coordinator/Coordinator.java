package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.CutoverObserver;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.coordinator.StepRunner.Attempt;
import dev.connectionregistry.admin.cutover.decision.Cause;
import dev.connectionregistry.admin.cutover.decision.CutoverDecisions;
import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.step.StepAction;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.cutover.step.StepActions;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.settings.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Carries a run out: executes the step that the decisions ask for, writes down how it went, and asks again, until the
 * run is over. For one run and one thread.
 */
public final class Coordinator {
    /** Safety limit against an endless loop. */
    private static final int MOST_ACTS = 500;

    private final CutoverRun run;
    private final StepActions steps;
    private final CutoverObserver observer;
    private final StepRunner attempts;
    private final List<StepRecord> done = new ArrayList<>();
    private final long start;
    private boolean saidThatItGoesOn;

    /** Executes {@code run} with these steps. The caller closes the run. */
    public Coordinator(CutoverRun run, StepActions steps, CutoverObserver observer) {
        this.run = run;
        this.steps = steps;
        this.observer = observer;
        this.attempts = new StepRunner(run);
        this.start = run.timing().nanoTime();
    }

    /**
     * Carries it out until it is over, however it ends; never throws because of what the registry, the servers or the
     * fleet do.
     */
    public CutoverResult carryOut() {
        RunState state = run.state();
        while (!state.isOver()) {
            if (done.size() >= MOST_ACTS) {
                throw new IllegalStateException("the run " + run.spec().id() + " goes round in circles at " + state);
            }
            run.enter(state);
            state = CutoverDecisions.next(state, perform(steps.of(state.step())));
        }
        run.enter(state);
        writeDown(state);
        return new CutoverResult(
                run.spec(),
                state,
                done,
                run.hold().total(),
                run.hold().known(),
                run.registry().versions(),
                sourceMajor(),
                run.warnings());
    }

    private OptionalInt sourceMajor() {
        return run.journal().record().sourceIdentity().stream()
                .mapToInt(PostgresIdentity::major)
                .findFirst();
    }

    /** The journal is written under the lock, so nothing is written once that is given back or lost. */
    private void writeDown(RunState state) {
        boolean gone = state.outcome().filter(RunOutcome.TAKEN_OVER::equals).isPresent();
        if (gone || run.registry().held().isEmpty()) {
            return;
        }
        run.journal().state(state, Optional.empty());
        flush();
    }

    private void flush() {
        try {
            run.journal().flush().ifPresent(problem -> run.warn("the journal is not up to date: " + problem));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private StepResult perform(StepAction step) {
        Instant startedAt = run.timing().now();
        long began = run.timing().nanoTime();
        sayThatItGoesOn();
        observer.begun(step.title());
        if (step.step() != Step.UNLOCK) {
            run.journal().state(run.state(), Optional.empty());
        }
        if (step.step() == Step.HOLD && !run.hold().isOn()) {
            flush(); // now, since the journal isn't written while callers wait
        }
        Optional<Cause> refusal = refusal(step.step());
        Attempt attempt = refusal.isPresent()
                ? new Attempt(Kind.FAILED, Optional.empty(), refusal.get(), false)
                : attempts.perform(step);
        Cause cause = attempt.kind() == Kind.DONE ? Cause.NONE : attempt.cause().and(slowness(step.step(), began));
        StepRecord record = new StepRecord(
                step.step(),
                run.by(),
                startedAt,
                Duration.ofNanos(began - start),
                Duration.ofNanos(run.timing().nanoTime() - began),
                attempt.kind(),
                attempt.evidence().map(Evidence::text).orElse(cause.text()));
        done.add(record);
        run.journal().step(record);
        observer.ended(step.title(), record);
        return new StepResult(attempt.kind(), attempt.evidence().flatMap(Evidence::found), cause);
    }

    /** An abort that ended half-way would leave the fence up; the operator who asks it to stop is told that it goes on. */
    private void sayThatItGoesOn() {
        if (run.state().purpose() == Purpose.ABORT && run.timing().stopped() && !saidThatItGoesOn) {
            saidThatItGoesOn = true;
            run.warn("stop requested, but the abort runs to its end: the fence may be up, and callers may wait. If you"
                    + " kill it, run the same command again");
        }
    }

    /** Why a step is not begun. */
    private Optional<Cause> refusal(Step step) {
        if (run.heedsStop() && run.timing().stopped()) {
            return Optional.of(Cause.STOPPED);
        }
        boolean spent =
                step.isInHold() && step != Step.HOLD && run.hold().rest().isZero();
        return spent ? Optional.of(Cause.of("not started: no time is left")) : Optional.empty();
    }

    /** Once the budget is spent the operator must see on what. */
    private String slowness(Step step, long began) {
        if (!step.isInHold() || step == Step.HOLD || !run.hold().rest().isZero()) {
            return "";
        }
        int hold = lastHold();
        String parts = done.subList(hold, done.size()).stream()
                .map(each -> steps.of(each.step()).title() + " took " + FleetEvents.seconds(each.took()))
                .collect(Collectors.joining(", "));
        return "; the hold budget of " + Durations.text(run.hold().budget()) + " is spent (" + parts
                + (parts.isEmpty() ? "" : ", ") + steps.of(step).title() + " took "
                + FleetEvents.seconds(Duration.ofNanos(run.timing().nanoTime() - began)) + ")";
    }

    private int lastHold() {
        for (int index = done.size() - 1; index >= 0; index--) {
            if (done.get(index).step() == Step.HOLD) {
                return index;
            }
        }
        return done.size();
    }
}
