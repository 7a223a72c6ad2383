package dev.connectionregistry.admin.cutover.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.decision.StepResult.SettingsState;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a coordinator does next, one act after another. */
class CutoverDecisionsTest {
    private RunState state = RunState.begin(Purpose.CUTOVER);
    private final List<Step> acts = new ArrayList<>();

    private void ends(StepResult result) {
        acts.add(state.step());
        state = CutoverDecisions.next(state, result);
    }

    private void ends(Kind kind) {
        ends(StepResult.of(kind, kind == Kind.DONE ? "" : state.step() + " went wrong"));
    }

    /** Lets everything go well until it is at {@code step} or over; looks show what a run of its own would have written. */
    private void goesWellUntil(Step step) {
        while (!state.isOver() && state.step() != step) {
            goesWell();
        }
        assertThat(state.isOver()).as("over before " + step).isFalse();
    }

    private void goesWellToTheEnd() {
        while (!state.isOver()) {
            goesWell();
        }
    }

    private void goesWell() {
        ends(state.step() == Step.LOOK ? StepResult.found(standing()) : StepResult.done());
    }

    private SettingsState standing() {
        if (!state.mayBeInTransition()) {
            return SettingsState.STEADY_SOURCE;
        }
        return state.fenceMayBeUp() ? SettingsState.HELD : SettingsState.PREPARED;
    }

    private void looksAs(Purpose purpose, SettingsState found) {
        state = RunState.begin(purpose);
        ends(Kind.DONE);
        ends(StepResult.found(found));
    }

    private void endedAs(RunOutcome outcome) {
        assertThat(state.outcome()).contains(outcome);
    }

    @Test
    void doesEverythingInOrderWhenAllGoesWell() {
        goesWellToTheEnd();
        assertThat(acts)
                .containsExactly(
                        Step.TAKE_REGISTRY_LOCK,
                        Step.LOOK,
                        Step.TAKE_SERVER_LOCK,
                        Step.CHECK,
                        Step.QUICKEN,
                        Step.PREPARE,
                        Step.AWAIT_READY,
                        Step.HOLD,
                        Step.AWAIT_HELD,
                        Step.FENCE,
                        Step.PROVE,
                        Step.BARRIER,
                        Step.SEQUENCES,
                        Step.VERIFY,
                        Step.REVERSE_SLOT,
                        Step.SWITCH,
                        Step.AWAIT_ACTIVE,
                        Step.RESTORE_INTERVAL,
                        Step.UNLOCK);
        endedAs(RunOutcome.SWITCHED);
        assertThat(state.cause()).isEmpty();
    }

    @Test
    void aRehearsalGoesBackFromTheHoldWithoutAFence() {
        state = RunState.begin(Purpose.REHEARSAL);
        goesWellToTheEnd();
        assertThat(acts)
                .doesNotContain(Step.FENCE, Step.SWITCH, Step.LOWER_FENCE)
                .endsWith(Step.AWAIT_HELD, Step.WITHDRAW, Step.AWAIT_BACK, Step.RESTORE_INTERVAL, Step.UNLOCK);
        endedAs(RunOutcome.REHEARSED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"FENCE", "PROVE", "BARRIER", "SEQUENCES", "VERIFY", "REVERSE_SLOT"})
    void aFailureFromTheFenceOnLowersItBeforeTheOldSettingsAreSteady(Step step) {
        goesWellUntil(step);
        ends(Kind.FAILED);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts)
                .containsExactly(Step.LOWER_FENCE, Step.WITHDRAW, Step.AWAIT_BACK, Step.RESTORE_INTERVAL, Step.UNLOCK);
        endedAs(RunOutcome.UNDONE);
        assertThat(state.cause()).isEqualTo(step + " went wrong");
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"PREPARE", "AWAIT_READY", "HOLD", "AWAIT_HELD"})
    void aFailureBeforeTheFenceOnlyWithdraws(Step step) {
        goesWellUntil(step);
        ends(Kind.FAILED);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts).containsExactly(Step.WITHDRAW, Step.AWAIT_BACK, Step.RESTORE_INTERVAL, Step.UNLOCK);
        endedAs(RunOutcome.UNDONE);
    }

    @Test
    void aFailureToQuickenPutsTheIntervalBack() {
        goesWellUntil(Step.QUICKEN);
        ends(Kind.FAILED);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts).containsExactly(Step.RESTORE_INTERVAL, Step.UNLOCK);
        endedAs(RunOutcome.UNDONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"LOOK", "TAKE_SERVER_LOCK", "CHECK"})
    void aNewRunThatCannotBeginIsRefusedAndUnlocks(Step step) {
        goesWellUntil(step);
        ends(Kind.FAILED);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts).containsExactly(Step.UNLOCK);
        endedAs(RunOutcome.REFUSED);
    }

    @Test
    void aNewRunWithoutTheRegistryLockIsRefusedAtOnce() {
        ends(Kind.FAILED);
        endedAs(RunOutcome.REFUSED);
    }

    static Stream<Step> actsBeforeTheSwitch() {
        return EnumSet.range(Step.QUICKEN, Step.REVERSE_SLOT).stream();
    }

    @ParameterizedTest
    @MethodSource("actsBeforeTheSwitch")
    void anUnknownEndBeforeTheSwitchTakesTheNextEpochAndLooksFirst(Step step) {
        goesWellUntil(step);
        ends(Kind.UNKNOWN);
        assertThat(state.step()).isEqualTo(Step.TAKE_REGISTRY_LOCK);
        assertThat(state.undoing()).isTrue();
        goesWellToTheEnd();
        endedAs(RunOutcome.UNDONE);
    }

    @ParameterizedTest
    @MethodSource("actsBeforeTheSwitch")
    void aLostSessionIsTakenAnewOnlyUnderTheNextEpochAndLookedFromAgain(Step step) {
        goesWellUntil(step);
        ends(Kind.SESSION_LOST);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts).startsWith(Step.TAKE_REGISTRY_LOCK, Step.LOOK);
        if (acts.contains(Step.LOWER_FENCE)) {
            assertThat(acts)
                    .startsWith(Step.TAKE_REGISTRY_LOCK, Step.LOOK, Step.TAKE_SERVER_LOCK, Step.LOOK, Step.LOWER_FENCE);
        }
        endedAs(RunOutcome.UNDONE);
    }

    @Test
    void whoSleptWhileItsSuccessorTookOverDoesNotUnfenceWithTheSessionItTakesBack() {
        goesWellUntil(Step.FENCE);
        ends(Kind.SESSION_LOST);
        ends(Kind.DONE);
        ends(StepResult.found(SettingsState.HELD));
        assertThat(state.step()).isEqualTo(Step.TAKE_SERVER_LOCK);
        ends(Kind.DONE);
        assertThat(state.step()).isEqualTo(Step.LOOK);
        ends(Kind.LOCK_LOST);
        endedAs(RunOutcome.TAKEN_OVER);
        assertThat(acts).doesNotContain(Step.LOWER_FENCE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"FAILED", "UNKNOWN"})
    void aSwitchThatDidNotSayYesIsSettledByWhatStands(Kind kind) {
        goesWellUntil(Step.SWITCH);
        ends(kind);
        assertThat(state.step()).isEqualTo(Step.TAKE_REGISTRY_LOCK);
        RunState settling = state;
        ends(Kind.DONE);
        ends(StepResult.found(SettingsState.SWITCHED));
        assertThat(state.step()).isEqualTo(Step.AWAIT_ACTIVE);
        goesWellToTheEnd();
        endedAs(RunOutcome.SWITCHED);

        state = settling;
        ends(Kind.DONE);
        ends(StepResult.found(SettingsState.HELD));
        assertThat(state.step()).isEqualTo(Step.LOWER_FENCE);
        goesWellToTheEnd();
        endedAs(RunOutcome.UNDONE);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void nothingIsDoneOnceTheLockIsLost(Step step) {
        RunState before = RunState.begin(Purpose.CUTOVER).at(step);
        RunState after = CutoverDecisions.next(before, StepResult.of(Kind.LOCK_LOST, "taken over by bob"));
        assertThat(after.outcome()).contains(RunOutcome.TAKEN_OVER);
        assertThat(after.step()).isEqualTo(step);
        assertThat(after.cause()).isEqualTo("taken over by bob");
    }

    @Test
    void afterTheSwitchThereIsOnlyForward() {
        goesWellUntil(Step.AWAIT_ACTIVE);
        ends(Kind.FAILED);
        ends(Kind.FAILED);
        ends(Kind.FAILED);
        assertThat(acts).endsWith(Step.AWAIT_ACTIVE, Step.RESTORE_INTERVAL, Step.UNLOCK);
        endedAs(RunOutcome.SWITCHED_NOT_ALL_SEEN);
    }

    static Stream<Arguments> failuresOnTheWayBack() {
        return Stream.of(Arguments.of(Step.LOWER_FENCE, Kind.FAILED), Arguments.of(Step.WITHDRAW, Kind.FAILED));
    }

    @ParameterizedTest
    @MethodSource("failuresOnTheWayBack")
    void aWayBackThatCannotBeGoneLeavesTheRunOpen(Step step, Kind kind) {
        goesWellUntil(Step.BARRIER);
        ends(Kind.FAILED);
        goesWellUntil(step);
        ends(kind);
        endedAs(RunOutcome.STUCK);
    }

    @Test
    void aWithdrawalWhoseAnswerIsLostIsSettled() {
        goesWellUntil(Step.BARRIER);
        ends(Kind.FAILED);
        goesWellUntil(Step.WITHDRAW);
        ends(Kind.UNKNOWN);
        assertThat(state.step()).isEqualTo(Step.TAKE_REGISTRY_LOCK);
        ends(Kind.DONE);
        ends(StepResult.found(SettingsState.STEADY_SOURCE));
        goesWellToTheEnd();
        endedAs(RunOutcome.UNDONE);
    }

    @Test
    void aSessionLostWhileUnfencingIsSettled() {
        goesWellUntil(Step.BARRIER);
        ends(Kind.FAILED);
        ends(Kind.SESSION_LOST);
        assertThat(state.step()).isEqualTo(Step.TAKE_REGISTRY_LOCK);
        goesWellToTheEnd();
        endedAs(RunOutcome.UNDONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"AWAIT_BACK", "RESTORE_INTERVAL", "UNLOCK"})
    void theLastStepsOfTheWayBackChangeNothingAboutHowItEnded(Step step) {
        goesWellUntil(Step.AWAIT_HELD);
        ends(Kind.FAILED);
        goesWellUntil(step);
        ends(Kind.FAILED);
        goesWellToTheEnd();
        endedAs(RunOutcome.UNDONE);
    }

    @ParameterizedTest
    @CsvSource({
        "CUTOVER,   STEADY_SOURCE, TAKE_SERVER_LOCK",
        "CUTOVER,   PREPARED,   UNLOCK",
        "CUTOVER,   HELD,       UNLOCK",
        "CUTOVER,   SWITCHED,   UNLOCK",
        "CUTOVER,   FOREIGN,    UNLOCK",
        "REHEARSAL, STEADY_SOURCE, TAKE_SERVER_LOCK",
        "REHEARSAL, PREPARED,   UNLOCK",
        "REHEARSAL, HELD,       UNLOCK",
        "REHEARSAL, SWITCHED,   UNLOCK",
        "REHEARSAL, FOREIGN,    UNLOCK",
        "RESUME,    STEADY_SOURCE, TAKE_SERVER_LOCK",
        "RESUME,    PREPARED,   TAKE_SERVER_LOCK",
        "RESUME,    HELD,       TAKE_SERVER_LOCK",
        "RESUME,    SWITCHED,   AWAIT_ACTIVE",
        "RESUME,    FOREIGN,    UNLOCK",
        "ABORT,     STEADY_SOURCE, RESTORE_INTERVAL",
        "ABORT,     PREPARED,   WITHDRAW",
        "ABORT,     HELD,       TAKE_SERVER_LOCK",
        "ABORT,     SWITCHED,   RESTORE_INTERVAL",
        "ABORT,     FOREIGN,    UNLOCK",
    })
    void whatStandsDecidesWhatToDo(Purpose purpose, SettingsState found, Step next) {
        looksAs(purpose, found);
        assertThat(state.step()).isEqualTo(next);
        assertThat(state.isOver()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "RESUME, STEADY_SOURCE, CHECK",
        "RESUME, PREPARED,   PREPARE",
        "RESUME, HELD,       HOLD",
        "ABORT,  HELD,       LOWER_FENCE",
    })
    void withTheSessionItLooksAgainAndGoesOnFromThere(Purpose purpose, SettingsState found, Step next) {
        looksAs(purpose, found);
        ends(Kind.DONE);
        assertThat(state.step()).isEqualTo(Step.LOOK);
        ends(StepResult.found(found));
        assertThat(state.step()).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({
        "CUTOVER, PREPARED,   FOREIGN",
        "CUTOVER, HELD,       FOREIGN",
        "CUTOVER, SWITCHED,   FOREIGN",
        "RESUME,  SWITCHED,   SWITCHED",
        "RESUME,  FOREIGN,    FOREIGN",
        "ABORT,   STEADY_SOURCE, UNDONE",
        "ABORT,   PREPARED,   UNDONE",
        "ABORT,   SWITCHED,   TOO_LATE",
        "ABORT,   FOREIGN,    FOREIGN",
    })
    void endsAsWhatStoodAllowed(Purpose purpose, SettingsState found, RunOutcome outcome) {
        looksAs(purpose, found);
        goesWellToTheEnd();
        endedAs(outcome);
    }

    @Test
    void anAbortBehindTheSwitchPutsTheIntervalBack() {
        looksAs(Purpose.ABORT, SettingsState.SWITCHED);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts).containsExactly(Step.RESTORE_INTERVAL, Step.UNLOCK);
        endedAs(RunOutcome.TOO_LATE);
    }

    @Test
    void anAbortFromAHoldUnfencesBeforeItWithdraws() {
        looksAs(Purpose.ABORT, SettingsState.HELD);
        ends(Kind.DONE);
        ends(StepResult.found(SettingsState.HELD));
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts)
                .containsExactly(Step.LOWER_FENCE, Step.WITHDRAW, Step.AWAIT_BACK, Step.RESTORE_INTERVAL, Step.UNLOCK);
        endedAs(RunOutcome.UNDONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"LOOK", "TAKE_SERVER_LOCK"})
    void aTakeoverThatCannotSeeOrFenceIsStuck(Step step) {
        state = RunState.begin(Purpose.RESUME);
        goesWellUntil(step);
        ends(Kind.FAILED);
        endedAs(RunOutcome.STUCK);
    }

    @Test
    void onlyTakingOverOrUndoingEndsAnotherSession() {
        assertThat(RunState.begin(Purpose.CUTOVER).endsOtherSession()).isFalse();
        assertThat(RunState.begin(Purpose.REHEARSAL).endsOtherSession()).isFalse();
        assertThat(RunState.begin(Purpose.RESUME).endsOtherSession()).isTrue();
        assertThat(RunState.begin(Purpose.ABORT).endsOtherSession()).isTrue();
        goesWellUntil(Step.FENCE);
        ends(Kind.SESSION_LOST);
        assertThat(state.endsOtherSession()).isTrue();
    }
}
