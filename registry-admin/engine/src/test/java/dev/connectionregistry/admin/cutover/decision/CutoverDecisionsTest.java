package dev.connectionregistry.admin.cutover.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.decision.ActResult.Kind;
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
    private final List<Act> acts = new ArrayList<>();

    private void ends(ActResult result) {
        acts.add(state.act());
        state = CutoverDecisions.next(state, result);
    }

    private void ends(Kind kind) {
        ends(ActResult.of(kind, kind == Kind.DONE ? "" : state.act() + " went wrong"));
    }

    /** Lets everything go well until it is at {@code act} or over; looks show what a run of its own would have written. */
    private void goesWellUntil(Act act) {
        while (!state.isOver() && state.act() != act) {
            goesWell();
        }
        assertThat(state.isOver()).as("over before " + act).isFalse();
    }

    private void goesWellToTheEnd() {
        while (!state.isOver()) {
            goesWell();
        }
    }

    private void goesWell() {
        ends(state.act() == Act.LOOK ? ActResult.found(standing()) : ActResult.done());
    }

    private Found standing() {
        if (!state.transitionStands()) {
            return Found.STEADY_OLD;
        }
        return state.fenceMayBeUp() ? Found.HELD : Found.PREPARED;
    }

    private void looksAs(Purpose purpose, Found found) {
        state = RunState.begin(purpose);
        ends(Kind.DONE);
        ends(ActResult.found(found));
    }

    private void endedAs(Outcome outcome) {
        assertThat(state.outcome()).contains(outcome);
    }

    @Test
    void doesEverythingInOrderWhenAllGoesWell() {
        goesWellToTheEnd();
        assertThat(acts)
                .containsExactly(
                        Act.TAKE_REGISTRY_LOCK,
                        Act.LOOK,
                        Act.TAKE_SERVER_LOCK,
                        Act.CHECK,
                        Act.QUICKEN,
                        Act.PREPARE,
                        Act.AWAIT_READY,
                        Act.HOLD,
                        Act.AWAIT_HELD,
                        Act.FENCE,
                        Act.PROVE,
                        Act.BARRIER,
                        Act.SEQUENCES,
                        Act.VERIFY,
                        Act.REVERSE_SLOT,
                        Act.SWITCH,
                        Act.AWAIT_ACTIVE,
                        Act.RESTORE_INTERVAL,
                        Act.UNLOCK);
        endedAs(Outcome.SWITCHED);
        assertThat(state.cause()).isEmpty();
    }

    @Test
    void aRehearsalGoesBackFromTheHoldWithoutAFence() {
        state = RunState.begin(Purpose.REHEARSAL);
        goesWellToTheEnd();
        assertThat(acts)
                .doesNotContain(Act.FENCE, Act.SWITCH, Act.LOWER_FENCE)
                .endsWith(Act.AWAIT_HELD, Act.WITHDRAW, Act.AWAIT_BACK, Act.RESTORE_INTERVAL, Act.UNLOCK);
        endedAs(Outcome.REHEARSED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Act.class,
            names = {"FENCE", "PROVE", "BARRIER", "SEQUENCES", "VERIFY", "REVERSE_SLOT"})
    void aFailureFromTheFenceOnLowersItBeforeTheOldSettingsAreSteady(Act act) {
        goesWellUntil(act);
        ends(Kind.FAILED);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts)
                .containsExactly(Act.LOWER_FENCE, Act.WITHDRAW, Act.AWAIT_BACK, Act.RESTORE_INTERVAL, Act.UNLOCK);
        endedAs(Outcome.UNDONE);
        assertThat(state.cause()).isEqualTo(act + " went wrong");
    }

    @ParameterizedTest
    @EnumSource(
            value = Act.class,
            names = {"PREPARE", "AWAIT_READY", "HOLD", "AWAIT_HELD"})
    void aFailureBeforeTheFenceOnlyWithdraws(Act act) {
        goesWellUntil(act);
        ends(Kind.FAILED);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts).containsExactly(Act.WITHDRAW, Act.AWAIT_BACK, Act.RESTORE_INTERVAL, Act.UNLOCK);
        endedAs(Outcome.UNDONE);
    }

    @Test
    void aFailureToQuickenPutsTheIntervalBack() {
        goesWellUntil(Act.QUICKEN);
        ends(Kind.FAILED);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts).containsExactly(Act.RESTORE_INTERVAL, Act.UNLOCK);
        endedAs(Outcome.UNDONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Act.class,
            names = {"LOOK", "TAKE_SERVER_LOCK", "CHECK"})
    void aNewRunThatCannotBeginIsRefusedAndUnlocks(Act act) {
        goesWellUntil(act);
        ends(Kind.FAILED);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts).containsExactly(Act.UNLOCK);
        endedAs(Outcome.REFUSED);
    }

    @Test
    void aNewRunWithoutTheRegistryLockIsRefusedAtOnce() {
        ends(Kind.FAILED);
        endedAs(Outcome.REFUSED);
    }

    static Stream<Act> actsBeforeTheSwitch() {
        return EnumSet.range(Act.QUICKEN, Act.REVERSE_SLOT).stream();
    }

    @ParameterizedTest
    @MethodSource("actsBeforeTheSwitch")
    void anUnknownEndBeforeTheSwitchTakesTheNextEpochAndLooksFirst(Act act) {
        goesWellUntil(act);
        ends(Kind.UNKNOWN);
        assertThat(state.act()).isEqualTo(Act.TAKE_REGISTRY_LOCK);
        assertThat(state.undoing()).isTrue();
        goesWellToTheEnd();
        endedAs(Outcome.UNDONE);
    }

    @ParameterizedTest
    @MethodSource("actsBeforeTheSwitch")
    void aLostSessionIsTakenAnewOnlyUnderTheNextEpochAndLookedFromAgain(Act act) {
        goesWellUntil(act);
        ends(Kind.SESSION_LOST);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts).startsWith(Act.TAKE_REGISTRY_LOCK, Act.LOOK);
        if (acts.contains(Act.LOWER_FENCE)) {
            assertThat(acts)
                    .startsWith(Act.TAKE_REGISTRY_LOCK, Act.LOOK, Act.TAKE_SERVER_LOCK, Act.LOOK, Act.LOWER_FENCE);
        }
        endedAs(Outcome.UNDONE);
    }

    @Test
    void whoSleptWhileItsSuccessorTookOverDoesNotUnfenceWithTheSessionItTakesBack() {
        goesWellUntil(Act.FENCE);
        ends(Kind.SESSION_LOST);
        ends(Kind.DONE);
        ends(ActResult.found(Found.HELD));
        assertThat(state.act()).isEqualTo(Act.TAKE_SERVER_LOCK);
        ends(Kind.DONE);
        assertThat(state.act()).isEqualTo(Act.LOOK);
        ends(Kind.LOCK_LOST);
        endedAs(Outcome.TAKEN_OVER);
        assertThat(acts).doesNotContain(Act.LOWER_FENCE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"FAILED", "UNKNOWN"})
    void aSwitchThatDidNotSayYesIsSettledByWhatStands(Kind kind) {
        goesWellUntil(Act.SWITCH);
        ends(kind);
        assertThat(state.act()).isEqualTo(Act.TAKE_REGISTRY_LOCK);
        RunState settling = state;
        ends(Kind.DONE);
        ends(ActResult.found(Found.SWITCHED));
        assertThat(state.act()).isEqualTo(Act.AWAIT_ACTIVE);
        goesWellToTheEnd();
        endedAs(Outcome.SWITCHED);

        state = settling;
        ends(Kind.DONE);
        ends(ActResult.found(Found.HELD));
        assertThat(state.act()).isEqualTo(Act.LOWER_FENCE);
        goesWellToTheEnd();
        endedAs(Outcome.UNDONE);
    }

    @ParameterizedTest
    @EnumSource(Act.class)
    void nothingIsDoneOnceTheLockIsLost(Act act) {
        RunState before = RunState.begin(Purpose.CUTOVER).at(act);
        RunState after = CutoverDecisions.next(before, ActResult.of(Kind.LOCK_LOST, "taken over by bob"));
        assertThat(after.outcome()).contains(Outcome.TAKEN_OVER);
        assertThat(after.act()).isEqualTo(act);
        assertThat(after.cause()).isEqualTo("taken over by bob");
    }

    @Test
    void afterTheSwitchThereIsOnlyForward() {
        goesWellUntil(Act.AWAIT_ACTIVE);
        ends(Kind.FAILED);
        ends(Kind.FAILED);
        ends(Kind.FAILED);
        assertThat(acts).endsWith(Act.AWAIT_ACTIVE, Act.RESTORE_INTERVAL, Act.UNLOCK);
        endedAs(Outcome.SWITCHED_NOT_ALL_SEEN);
    }

    static Stream<Arguments> failuresOnTheWayBack() {
        return Stream.of(Arguments.of(Act.LOWER_FENCE, Kind.FAILED), Arguments.of(Act.WITHDRAW, Kind.FAILED));
    }

    @ParameterizedTest
    @MethodSource("failuresOnTheWayBack")
    void aWayBackThatCannotBeGoneLeavesTheRunOpen(Act act, Kind kind) {
        goesWellUntil(Act.BARRIER);
        ends(Kind.FAILED);
        goesWellUntil(act);
        ends(kind);
        endedAs(Outcome.STUCK);
    }

    @Test
    void aWithdrawalWhoseAnswerIsLostIsSettled() {
        goesWellUntil(Act.BARRIER);
        ends(Kind.FAILED);
        goesWellUntil(Act.WITHDRAW);
        ends(Kind.UNKNOWN);
        assertThat(state.act()).isEqualTo(Act.TAKE_REGISTRY_LOCK);
        ends(Kind.DONE);
        ends(ActResult.found(Found.STEADY_OLD));
        goesWellToTheEnd();
        endedAs(Outcome.UNDONE);
    }

    @Test
    void aSessionLostWhileUnfencingIsSettled() {
        goesWellUntil(Act.BARRIER);
        ends(Kind.FAILED);
        ends(Kind.SESSION_LOST);
        assertThat(state.act()).isEqualTo(Act.TAKE_REGISTRY_LOCK);
        goesWellToTheEnd();
        endedAs(Outcome.UNDONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Act.class,
            names = {"AWAIT_BACK", "RESTORE_INTERVAL", "UNLOCK"})
    void theLastStepsOfTheWayBackChangeNothingAboutHowItEnded(Act act) {
        goesWellUntil(Act.AWAIT_HELD);
        ends(Kind.FAILED);
        goesWellUntil(act);
        ends(Kind.FAILED);
        goesWellToTheEnd();
        endedAs(Outcome.UNDONE);
    }

    @ParameterizedTest
    @CsvSource({
        "CUTOVER,   STEADY_OLD, TAKE_SERVER_LOCK",
        "CUTOVER,   PREPARED,   UNLOCK",
        "CUTOVER,   HELD,       UNLOCK",
        "CUTOVER,   SWITCHED,   UNLOCK",
        "CUTOVER,   FOREIGN,    UNLOCK",
        "REHEARSAL, STEADY_OLD, TAKE_SERVER_LOCK",
        "REHEARSAL, PREPARED,   UNLOCK",
        "REHEARSAL, HELD,       UNLOCK",
        "REHEARSAL, SWITCHED,   UNLOCK",
        "REHEARSAL, FOREIGN,    UNLOCK",
        "RESUME,    STEADY_OLD, TAKE_SERVER_LOCK",
        "RESUME,    PREPARED,   TAKE_SERVER_LOCK",
        "RESUME,    HELD,       TAKE_SERVER_LOCK",
        "RESUME,    SWITCHED,   AWAIT_ACTIVE",
        "RESUME,    FOREIGN,    UNLOCK",
        "ABORT,     STEADY_OLD, RESTORE_INTERVAL",
        "ABORT,     PREPARED,   WITHDRAW",
        "ABORT,     HELD,       TAKE_SERVER_LOCK",
        "ABORT,     SWITCHED,   RESTORE_INTERVAL",
        "ABORT,     FOREIGN,    UNLOCK",
    })
    void whatStandsDecidesWhatToDo(Purpose purpose, Found found, Act next) {
        looksAs(purpose, found);
        assertThat(state.act()).isEqualTo(next);
        assertThat(state.isOver()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "RESUME, STEADY_OLD, CHECK",
        "RESUME, PREPARED,   AWAIT_READY",
        "RESUME, HELD,       HOLD",
        "ABORT,  HELD,       LOWER_FENCE",
    })
    void withTheSessionItLooksAgainAndGoesOnFromThere(Purpose purpose, Found found, Act next) {
        looksAs(purpose, found);
        ends(Kind.DONE);
        assertThat(state.act()).isEqualTo(Act.LOOK);
        ends(ActResult.found(found));
        assertThat(state.act()).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({
        "CUTOVER, PREPARED,   FOREIGN",
        "CUTOVER, HELD,       FOREIGN",
        "CUTOVER, SWITCHED,   FOREIGN",
        "RESUME,  SWITCHED,   SWITCHED",
        "RESUME,  FOREIGN,    FOREIGN",
        "ABORT,   STEADY_OLD, UNDONE",
        "ABORT,   PREPARED,   UNDONE",
        "ABORT,   SWITCHED,   TOO_LATE",
        "ABORT,   FOREIGN,    FOREIGN",
    })
    void endsAsWhatStoodAllowed(Purpose purpose, Found found, Outcome outcome) {
        looksAs(purpose, found);
        goesWellToTheEnd();
        endedAs(outcome);
    }

    @Test
    void anAbortBehindTheSwitchPutsTheIntervalBack() {
        looksAs(Purpose.ABORT, Found.SWITCHED);
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts).containsExactly(Act.RESTORE_INTERVAL, Act.UNLOCK);
        endedAs(Outcome.TOO_LATE);
    }

    @Test
    void anAbortFromAHoldUnfencesBeforeItWithdraws() {
        looksAs(Purpose.ABORT, Found.HELD);
        ends(Kind.DONE);
        ends(ActResult.found(Found.HELD));
        acts.clear();
        goesWellToTheEnd();
        assertThat(acts)
                .containsExactly(Act.LOWER_FENCE, Act.WITHDRAW, Act.AWAIT_BACK, Act.RESTORE_INTERVAL, Act.UNLOCK);
        endedAs(Outcome.UNDONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Act.class,
            names = {"LOOK", "TAKE_SERVER_LOCK"})
    void aTakeoverThatCannotSeeOrFenceIsStuck(Act act) {
        state = RunState.begin(Purpose.RESUME);
        goesWellUntil(act);
        ends(Kind.FAILED);
        endedAs(Outcome.STUCK);
    }

    @Test
    void onlyTakingOverOrUndoingEndsAnotherSession() {
        assertThat(RunState.begin(Purpose.CUTOVER).endsOtherSession()).isFalse();
        assertThat(RunState.begin(Purpose.REHEARSAL).endsOtherSession()).isFalse();
        assertThat(RunState.begin(Purpose.RESUME).endsOtherSession()).isTrue();
        assertThat(RunState.begin(Purpose.ABORT).endsOtherSession()).isTrue();
        goesWellUntil(Act.FENCE);
        ends(Kind.SESSION_LOST);
        assertThat(state.endsOtherSession()).isTrue();
    }
}
