package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.registry.InstanceState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** A hold that nobody ends in time: who may be read-only, from when and until when. */
class OverdueHoldDecisionsTest extends CutoverScript {
    private void overdue() {
        held();
        happens(new Event.HoldOverdue(3));
    }

    private static Effect.ReplaceFenced ordinary(long generation) {
        return new Effect.ReplaceFenced(generation, AcceptedPrimary.WRITABLE);
    }

    @Test
    void opensTheGateByItselfAfterTwiceTheBudgetAndNotAgainForThatVersion() {
        held();
        assertThat(happens(new Event.HoldOverdue(3))).contains(new Effect.Release(FIRST, AcceptedPrimary.FENCED_TOO));
        isIn(InstanceState.READY);
        assertThat(reads(3, SOURCE, HOLD)).noneMatch(Effect.Hold.class::isInstance);
        assertThat(state.holds()).isFalse();

        assertThat(reads(4, SOURCE, HOLD)).contains(new Effect.Hold(FIRST, HOLD.toString()));
        isIn(InstanceState.HOLDING);
    }

    @Test
    void switchesAlsoAfterItOpenedTheGateByItself() {
        held();
        happens(new Event.HoldOverdue(3));
        assertThat(reads(4, TARGET, null)).contains(new Effect.Publish(STANDBY));
        assertThat(state.hold()).isNull();
        isIn(InstanceState.ACTIVE);
    }

    @Test
    void aStartDuringAHoldThatLastsTooLongOpensTheSource() {
        state = ClientState.starting(new ClientState.StartOptions(null, "none configured", null));
        reads(3, SOURCE, HOLD);
        assertThat(happens(new Event.HoldOverdue(3)))
                .contains(new Effect.Open(2, 3, SOURCE, AcceptedPrimary.FENCED_TOO));
        assertThat(happens(new Event.GenerationOpened(2))).contains(new Effect.Publish(2), new Effect.Started());
    }

    @Test
    void saysWhetherTheSourceIsFencedAndWhoCanEndIt() {
        overdue();
        assertThat(state.problem()).hasValueSatisfying(text -> assertThat(text)
                .contains("cutover c-1", "still serving from the source, where no fence was found", "cutover resume"));
        assertThat(happens(new Event.FenceMet(FIRST)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.Log.class, word -> assertThat(word.level()).isEqualTo(Level.WARN));
        assertThat(state.problem()).hasValueSatisfying(text -> assertThat(text)
                .contains(
                        "is fenced and serves reads only",
                        "25006",
                        "'registry-admin cutover resume' or 'cutover abort'"));
        isIn(InstanceState.READY);
    }

    @Test
    void replacesWhatBeganUnderTheFenceWhenItIsLifted() {
        overdue();
        happens(new Event.FenceMet(FIRST));
        assertThat(happens(new Event.FenceLifted(FIRST)))
                .contains(new Effect.ReplaceFenced(
                        FIRST, AcceptedPrimary.FENCED_TOO)); // the settings haven't said yet that it is over
        assertThat(state.problem()).hasValueSatisfying(text -> assertThat(text).contains("no fence was found"));
    }

    @Test
    void theSourceMustTakeWritesAgainWhenTheCutoverIsUndone() {
        overdue();
        happens(new Event.FenceMet(FIRST));
        assertThat(reads(4, SOURCE, null)).contains(ordinary(FIRST)).noneMatch(Effect.Release.class::isInstance);
        assertThat(state.hold()).isNull();
        assertThat(state.problem()).isEmpty();
        isIn(InstanceState.ACTIVE);
    }

    @Test
    void theSourceMustTakeWritesAgainWhenAnotherCutoverBegins() {
        overdue();
        assertThat(reads(4, SOURCE, PREPARE)).contains(ordinary(FIRST));
        assertThat(state.hold()).isNull();
    }

    @Test
    void aNewHoldIsReleasedAsAnyOther() {
        overdue();
        happens(new Event.FenceMet(FIRST));
        reads(4, SOURCE, HOLD);
        happens(new Event.Drained(FIRST));
        isIn(InstanceState.HELD);
        assertThat(reads(5, SOURCE, null)).contains(new Effect.Release(FIRST, AcceptedPrimary.WRITABLE));
    }

    @Test
    void staysReadableUntilTheTargetsPoolIsOpen() {
        reads(2, SOURCE, PREPARE);
        reads(3, SOURCE, HOLD);
        happens(new Event.HoldOverdue(3));
        happens(new Event.FenceMet(FIRST));
        assertThat(reads(4, TARGET, null)).noneMatch(Effect.ReplaceFenced.class::isInstance);
        assertThat(state.problem()).hasValueSatisfying(text -> assertThat(text).contains("reads only"));
        assertThat(happens(new Event.GenerationOpened(STANDBY))).contains(new Effect.Publish(STANDBY));
        assertThat(state.hold()).isNull();
        assertThat(state.problem()).isEmpty();
    }

    @Test
    void theWayBackAlsoEndsItAfterOtherSettingsThatCannotBeUsed() {
        overdue();
        reads(4, settings("third"), null);
        happens(new Event.GenerationRefused(3, "refused"));
        isIn(InstanceState.REJECTED);
        assertThat(reads(5, SOURCE, null)).contains(ordinary(FIRST));
        assertThat(state.hold()).isNull();
    }

    @Test
    void aFenceIsNoExcuseOutsideAnOverdueHold() {
        held();
        assertThat(happens(new Event.FenceMet(FIRST))).isEmpty();
        happens(new Event.HoldOverdue(3));
        assertThat(happens(new Event.FenceMet(STANDBY))).isEmpty(); // not the one that serves
        reads(4, SOURCE, null);
        assertThat(happens(new Event.FenceMet(FIRST))).isEmpty();
        assertThat(happens(new Event.FenceLifted(FIRST))).isEmpty();
        assertThat(reads(5, settings("third"), null))
                .contains(new Effect.Open(3, 5, settings("third"), AcceptedPrimary.WRITABLE));
    }

    @Test
    void aStartOnTheSourceBeginsAnewWhenTheSettingsAreSteady() {
        state = ClientState.starting(new ClientState.StartOptions(null, "none configured", null));
        reads(3, SOURCE, HOLD);
        happens(new Event.HoldOverdue(3));
        happens(new Event.FenceMet(2));
        List<Effect> effects = reads(4, SOURCE, null);
        assertThat(effects)
                .contains(new Effect.Open(3, 4, SOURCE, AcceptedPrimary.WRITABLE))
                .anyMatch(effect -> effect instanceof Effect.Abandon abandon && abandon.generation() == 2);
        assertThat(state.hold()).isNull();
    }

    @Test
    void aStartOnTheSourceServesUntilItIsOver() {
        state = ClientState.starting(new ClientState.StartOptions(null, "none configured", null));
        reads(3, SOURCE, HOLD);
        happens(new Event.HoldOverdue(3));
        happens(new Event.FenceMet(2));
        assertThat(happens(new Event.GenerationOpened(2))).contains(new Effect.Publish(2), new Effect.Started());
        assertThat(state.problem()).hasValueSatisfying(text -> assertThat(text).contains("reads only"));
        assertThat(reads(4, SOURCE, null)).contains(ordinary(2));
    }
}
