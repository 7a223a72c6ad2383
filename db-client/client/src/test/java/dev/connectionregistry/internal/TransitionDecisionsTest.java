package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.follow.Jitter;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.Transition.Phase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The instance's half of a cutover, one event after another, with nothing running. */
class TransitionDecisionsTest extends CutoverScript {
    @Test
    void preparesAStandbyBesideThePoolThatServes() {
        assertThat(reads(2, SOURCE, PREPARE))
                .contains(
                        new Effect.Listen(PREPARE),
                        new Effect.Open(STANDBY, 2, TARGET),
                        new Effect.TellListeners("c-1"));
        isIn(InstanceState.PREPARING);
        servesFrom(FIRST);

        assertThat(happens(new Event.GenerationOpened(STANDBY))).noneMatch(Effect.Publish.class::isInstance);
        isIn(InstanceState.PREPARING); // the listeners have not been told yet
        happens(new Event.ListenersTold("c-1"));
        isIn(InstanceState.READY);
        assertThat(state.acknowledged()).isEqualTo(2);
    }

    @Test
    void isReadyOnlyWhenTheStandbyIsOpenAlthoughTheListenersKnow() {
        reads(2, SOURCE, PREPARE);
        happens(new Event.ListenersTold("c-1"));
        isIn(InstanceState.PREPARING);
        happens(new Event.GenerationOpened(STANDBY));
        isIn(InstanceState.READY);
    }

    @Test
    void saysWhyAStandbyCannotBeOpenedAndTriesAgain() {
        reads(2, SOURCE, PREPARE);
        assertThat(happens(new Event.GenerationRefused(STANDBY, "no route")))
                .anyMatch(Effect.RetryAfter.class::isInstance);
        isIn(InstanceState.REJECTED);
        assertThat(state.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("c-1", "no route"));

        assertThat(happens(new Event.RetryDue(2))).contains(new Effect.Open(3, 2, TARGET));
        happens(new Event.ListenersTold("c-1"));
        happens(new Event.GenerationOpened(3));
        isIn(InstanceState.READY);
    }

    @Test
    void aHoldClosesTheGateAndIsHeldOnceNothingIsInUse() {
        prepared();
        assertThat(reads(3, SOURCE, HOLD))
                .contains(new Effect.Hold(FIRST, HOLD.toString()), new Effect.HoldUntil(3, Duration.ofSeconds(10)));
        isIn(InstanceState.HOLDING);
        happens(new Event.Drained(FIRST));
        isIn(InstanceState.HELD);
        assertThat(state.acknowledged()).isEqualTo(3);
    }

    @Test
    void sizesThatFirstCameWithTheHoldAreNotForgottenWhenItIsCalledOff() {
        PoolSettings larger = SOURCE.pool().withMaximumSize(20);
        reads(3, SOURCE.withPool(larger), HOLD); // versions 2, with these sizes, and PREPARE were missed
        isIn(InstanceState.HOLDING);
        assertThat(reads(4, SOURCE.withPool(larger), null))
                .contains(new Effect.Resize(FIRST, larger), new Effect.Release(FIRST));
    }

    @Test
    void isNotHeldWhileItsStandbyIsNotReady() {
        reads(2, SOURCE, PREPARE);
        reads(3, SOURCE, HOLD);
        happens(new Event.Drained(FIRST));
        isIn(InstanceState.HOLDING);
        happens(new Event.GenerationOpened(STANDBY));
        isIn(InstanceState.HELD);
    }

    @Test
    void theSwitchPublishesTheStandbyAndRetiresTheOldPool() {
        held();
        assertThat(reads(4, TARGET, null))
                .contains(
                        new Effect.Publish(STANDBY),
                        new Effect.Retire(FIRST, PoolSettings.DEFAULT.drainGrace()),
                        new Effect.StopListening())
                .noneMatch(Effect.Release.class::isInstance);
        isIn(InstanceState.ACTIVE);
        servesFrom(STANDBY);
        assertThat(state.holds()).isFalse();
        assertThat(state.standby()).isNull();
    }

    @Test
    void aSwitchBeforeTheStandbyIsReadyKeepsTheGateClosedUntilItIs() {
        reads(2, SOURCE, PREPARE);
        reads(3, SOURCE, HOLD);
        happens(new Event.Drained(FIRST));
        assertThat(reads(4, TARGET, null))
                .noneMatch(Effect.Publish.class::isInstance)
                .noneMatch(Effect.Release.class::isInstance);
        isIn(InstanceState.HOLDING);
        assertThat(happens(new Event.GenerationOpened(STANDBY))).contains(new Effect.Publish(STANDBY));
        isIn(InstanceState.ACTIVE);
        assertThat(state.holds()).isFalse();
    }

    @Test
    void goingBackOpensTheGateOntoTheOldPool() {
        held();
        assertThat(reads(4, SOURCE, null))
                .contains(new Effect.Release(FIRST), new Effect.StopListening())
                .anyMatch(effect -> effect instanceof Effect.Abandon abandon && abandon.generation() == STANDBY)
                .noneMatch(Effect.Publish.class::isInstance);
        isIn(InstanceState.ACTIVE);
        servesFrom(FIRST);
    }

    @Test
    void aSecondHoldVersionDoesNotLetTheWaitBeginAnew() {
        held();
        assertThat(reads(4, SOURCE, HOLD))
                .noneMatch(Effect.Hold.class::isInstance)
                .noneMatch(Effect.HoldUntil.class::isInstance);
        isIn(InstanceState.HELD);
        assertThat(happens(new Event.HoldOverdue(3))).anyMatch(Effect.Release.class::isInstance);
    }

    @Test
    void anUnreadableRegistryDoesNotOpenTheGate() {
        held();
        assertThat(reads(new ReadResult.Unreadable(
                        new RegistryException(RegistryException.Kind.UNREACHABLE, "gone", null))))
                .noneMatch(Effect.Release.class::isInstance);
        isIn(InstanceState.HELD);
    }

    @Test
    void aStartDuringAHoldWaitsForItsEnd() {
        state = ClientState.starting(new ClientState.StartOptions(null, "none configured", SOURCE));
        assertThat(reads(3, SOURCE, HOLD))
                .contains(new Effect.Open(1, 3, TARGET))
                .noneMatch(Effect.Hold.class::isInstance);
        isIn(InstanceState.HOLDING);
        assertThat(happens(new Event.StartOverdue())).isEmpty();
        happens(new Event.GenerationOpened(1));
        isIn(InstanceState.HELD);
        assertThat(reads(4, TARGET, null)).contains(new Effect.Publish(1), new Effect.Started());
        isIn(InstanceState.ACTIVE);
    }

    @Test
    void aStartDuringAHoldThatIsCalledOffOpensTheSource() {
        state = ClientState.starting(new ClientState.StartOptions(null, "none configured", null));
        reads(3, SOURCE, HOLD);
        assertThat(reads(4, SOURCE, null)).contains(new Effect.Open(2, 4, SOURCE));
        assertThat(happens(new Event.GenerationOpened(2))).contains(new Effect.Publish(2), new Effect.Started());
        assertThat(state.holds()).isFalse();
    }

    @Test
    void anotherCutoverToTheSamePlaceTakesTheStandbyOver() {
        prepared();
        Transition second = new Transition("c-2", Phase.PREPARE, TARGET, Duration.ofSeconds(5));
        assertThat(reads(4, SOURCE, second))
                .contains(new Effect.Listen(second), new Effect.TellListeners("c-2"))
                .noneMatch(Effect.Open.class::isInstance);
        isIn(InstanceState.PREPARING);
        happens(new Event.ListenersTold("c-1"));
        isIn(InstanceState.PREPARING);
        happens(new Event.ListenersTold("c-2"));
        isIn(InstanceState.READY);
    }

    @Test
    void anotherTargetReplacesTheStandby() {
        prepared();
        ConnectionSettings other = settings("other");
        assertThat(reads(4, SOURCE, new Transition("c-2", Phase.PREPARE, other, Duration.ofSeconds(5))))
                .contains(new Effect.Open(3, 4, other))
                .anyMatch(effect -> effect instanceof Effect.Abandon abandon && abandon.generation() == STANDBY);
        isIn(InstanceState.PREPARING);
    }

    @Test
    void settingsOfAThirdPlaceOpenTheGateOnceTheirPoolServes() {
        held();
        ConnectionSettings third = settings("third");
        assertThat(reads(4, third, null)).contains(new Effect.Open(3, 4, third));
        assertThat(state.holds()).isTrue();
        assertThat(happens(new Event.GenerationOpened(3))).contains(new Effect.Publish(3));
        assertThat(state.holds()).isFalse();
    }

    @Test
    void aHintCausesAReadAndOneDuringAReadAnother() {
        prepared();
        now += ReadDecisions.HINT_EVERY.toNanos();
        List<Effect> effects = happens(new Event.Signalled());
        assertThat(effects).anyMatch(Effect.Read.class::isInstance);
        assertThat(happens(new Event.Signalled())).isEmpty();
        assertThat(happens(new Event.ReadReturned(
                        state.reading().number(),
                        new ReadResult.Unreadable(
                                new RegistryException(RegistryException.Kind.UNREACHABLE, "gone", null)))))
                .contains(new Effect.PollAfter(ReadDecisions.HINT_EVERY, Jitter.NONE));
    }

    @Test
    void aSignOfAMovedDatabaseDoesNotPostponeTheReadThatAHintHasAskedFor() {
        prepared();
        now += Duration.ofMillis(3).toNanos();
        assertThat(happens(new Event.Signalled()))
                .containsExactly(new Effect.PollAfter(Duration.ofMillis(7), Jitter.NONE));
        now += Duration.ofMillis(1).toNanos();
        assertThat(happens(new Event.MovedSign("57P01"))).isEmpty();
        reads(2, SOURCE, PREPARE);
        now += Duration.ofMillis(400).toNanos();
        assertThat(happens(new Event.MovedSign("57P01")))
                .as("once that read was made a sign counts again")
                .containsExactly(new Effect.PollAfter(Duration.ofMillis(600), Jitter.NONE));
    }

    @Test
    void hintsWithoutACutoverCauseNothing() {
        now += Duration.ofSeconds(10).toNanos();
        assertThat(happens(new Event.Signalled())).isEmpty();
    }

    @Test
    void aFloodOfHintsCausesAtMostOneReadInTenMilliseconds() {
        prepared();
        int reads = 0;
        for (int i = 0; i < 1000; i++) { // a second of a hint every millisecond
            now += Duration.ofMillis(1).toNanos();
            if (happens(new Event.Signalled()).stream().anyMatch(Effect.Read.class::isInstance)) {
                reads++;
                happens(new Event.ReadReturned(
                        state.reading().number(),
                        new ReadResult.Unreadable(
                                new RegistryException(RegistryException.Kind.UNREACHABLE, "gone", null))));
            }
        }
        assertThat(reads).isBetween(90, 100);
    }

    @Test
    void aTransitionOverASnapshotIsFollowedWhenTheRegistryAnswers() {
        SettingsToServe snapshot =
                new SettingsToServe(2, SOURCE, dev.connectionregistry.status.SettingsSource.SNAPSHOT);
        state = ClientState.starting(new ClientState.StartOptions(snapshot, "", null));
        happens(new Event.StartOverdue());
        happens(new Event.GenerationOpened(1));
        assertThat(reads(2, SOURCE, PREPARE)).contains(new Effect.Open(2, 2, TARGET));
        isIn(InstanceState.PREPARING);
    }
}
