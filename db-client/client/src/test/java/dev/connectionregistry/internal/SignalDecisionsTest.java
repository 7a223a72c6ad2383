package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.codec.VersionBounds;
import dev.connectionregistry.core.internal.follow.Jitter;
import dev.connectionregistry.core.internal.signal.AnnouncedContent;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.status.SettingsSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** What an instance does about signals, one event after another, with nothing running. PREPARE is version 2. */
class SignalDecisionsTest extends CutoverScript {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final CommittedSecret HOLD_3 = CommittedSecret.random();
    private static final CommittedSecret UNDO_3 = CommittedSecret.random();
    private static final CommittedSecret SWITCH_4 = CommittedSecret.random();
    private static final CommittedSecret UNDO_4 = CommittedSecret.random();
    private static final Transition COMMITTED = PREPARE.committedTo(List.of(
            HOLD_3.commitTo(ORDERS, "c-1", Kind.HOLD, 3),
            UNDO_3.commitTo(ORDERS, "c-1", Kind.UNDO, 3),
            SWITCH_4.commitTo(ORDERS, "c-1", Kind.SWITCH, 4),
            UNDO_4.commitTo(ORDERS, "c-1", Kind.UNDO, 4)));

    private List<Effect> announces(Kind kind, long version, CommittedSecret secret) {
        return happens(new Event.Announced(ORDERS, new Announcement(kind, version, secret)));
    }

    private void ready() {
        reads(2, SOURCE, COMMITTED);
        happens(new Event.GenerationOpened(STANDBY));
        happens(new Event.ListenersTold("c-1"));
        isIn(InstanceState.READY);
        now += Duration.ofSeconds(1).toNanos();
    }

    private void heldBySignal() {
        ready();
        announces(Kind.HOLD, 3, HOLD_3);
        happens(new Event.Drained(FIRST));
        isIn(InstanceState.HELD);
    }

    private void unreadable() {
        reads(new ReadResult.Unreadable(new RegistryException(RegistryException.Kind.UNREACHABLE, "no answer", null)));
    }

    @Test
    void anAnnouncedHoldClosesTheGateWithoutARead() {
        ready();
        assertThat(announces(Kind.HOLD, 3, HOLD_3))
                .contains(
                        new Effect.Hold(FIRST, HOLD.toString()),
                        new Effect.HoldUntil(3, HOLD.longestHold()),
                        new Effect.PollAfter(Duration.ofSeconds(2), Jitter.HALF),
                        new Effect.ReportsWait(Duration.ofSeconds(1), Jitter.HALF),
                        new Effect.ReadWithin(3, Duration.ofSeconds(5)))
                .noneMatch(Effect.Read.class::isInstance);
        isIn(InstanceState.HOLDING);
        assertThat(state.acknowledged()).isEqualTo(3);
    }

    @Test
    void anAnnouncedSwitchServesFromTheTargetWithThePollingThatThereWas() {
        Polling quick = Polling.every(Duration.ofMillis(100));
        reads(2, SOURCE.withPolling(quick), COMMITTED);
        happens(new Event.GenerationOpened(STANDBY));
        happens(new Event.ListenersTold("c-1"));
        announces(Kind.HOLD, 3, HOLD_3);
        happens(new Event.Drained(FIRST));
        assertThat(announces(Kind.SWITCH, 4, SWITCH_4))
                .contains(new Effect.Publish(STANDBY), new Effect.StopListening())
                .noneMatch(Effect.Read.class::isInstance);
        isIn(InstanceState.ACTIVE);
        servesFrom(STANDBY);
        assertThat(reads(4, TARGET.withPolling(quick), null)).noneMatch(Effect.Log.class::isInstance);
        assertThat(state.problem()).isEmpty();
    }

    @Test
    void anAnnouncedUndoOpensTheGateOntoTheSource() {
        heldBySignal();
        assertThat(announces(Kind.UNDO, 4, UNDO_4)).contains(new Effect.Release(FIRST), new Effect.StopListening());
        isIn(InstanceState.ACTIVE);
        servesFrom(FIRST);
    }

    @Test
    void aSwitchThatOvertakesTheHoldCountsAndTheHoldNoMore() {
        ready();
        assertThat(announces(Kind.SWITCH, 4, SWITCH_4)).contains(new Effect.Publish(STANDBY));
        assertThat(announces(Kind.HOLD, 3, HOLD_3)).isEmpty();
        assertThat(announces(Kind.UNDO, 4, UNDO_4)).isEmpty();
        isIn(InstanceState.ACTIVE);
        servesFrom(STANDBY);
    }

    @Test
    void aRepeatedAnnouncementDoesNothing() {
        ready();
        announces(Kind.HOLD, 3, HOLD_3);
        ClientState before = state;
        assertThat(announces(Kind.HOLD, 3, HOLD_3)).isEmpty();
        assertThat(announces(Kind.UNDO, 3, UNDO_3)).isEmpty();
        assertThat(state).isEqualTo(before);
    }

    @Test
    void anythingThatIsNotProvenIsAHintAtMost() {
        ready();
        CommittedSecret random = CommittedSecret.random();
        CommittedSecret otherRuns = CommittedSecret.random();
        reads(
                3,
                SOURCE,
                COMMITTED.committedTo(List.of(
                        otherRuns.commitTo(ORDERS, "c-0", Kind.HOLD, 4),
                        UNDO_4.commitTo(ORDERS, "c-1", Kind.UNDO, 4))));
        List<Announcement> unproven = List.of(
                new Announcement(Kind.HOLD, 4, random),
                new Announcement(Kind.HOLD, 4, otherRuns),
                new Announcement(Kind.SWITCH, 4, UNDO_4),
                new Announcement(Kind.UNDO, 5, UNDO_4),
                new Announcement(Kind.HOLD, 4, HOLD_3),
                new Announcement(Kind.SWITCH, Long.MAX_VALUE, random));
        for (Announcement each : unproven) {
            now += Duration.ofSeconds(1).toNanos();
            assertThat(happens(new Event.Announced(ORDERS, each)))
                    .as("%s", each)
                    .singleElement()
                    .isInstanceOf(Effect.Read.class);
            reads(new ReadResult.Unreadable(
                    new RegistryException(RegistryException.Kind.UNREACHABLE, "no answer", null)));
            isIn(InstanceState.READY);
            assertThat(state.acknowledged()).isEqualTo(3);
        }
        assertThat(happens(new Event.Announced(new DatabaseName("billing"), new Announcement(Kind.UNDO, 4, UNDO_4))))
                .noneMatch(Effect.StopListening.class::isInstance);
        isIn(InstanceState.READY);
    }

    @Test
    void nothingIsProvenByCommitmentsThatWereNotRead() {
        prepared(); // without commitments
        announces(Kind.HOLD, 3, HOLD_3);
        isIn(InstanceState.READY);
        state = state.withNewest(new SettingsToServe(2, SOURCE, SettingsSource.SNAPSHOT, Optional.of(COMMITTED)), null);
        announces(Kind.HOLD, 3, HOLD_3);
        isIn(InstanceState.READY);
    }

    @Test
    void aVersionThatARefusesAReadIsNotAnnouncedEither() {
        long far = 2 + VersionBounds.LARGEST_STEP + 1;
        CommittedSecret secret = CommittedSecret.random();
        reads(2, SOURCE, PREPARE.committedTo(List.of(secret.commitTo(ORDERS, "c-1", Kind.UNDO, far))));
        announces(Kind.UNDO, far, secret);
        assertThat(state.acknowledged()).isEqualTo(2);
        assertThat(state.transition()).isPresent();
    }

    @Test
    void anAnswerToAReadThatBeganBeforeTheSignalIsDroppedWithoutAWord() {
        ready();
        happens(new Event.PollDue());
        long earlier = state.reading().number();
        announces(Kind.HOLD, 3, HOLD_3);
        ClientState before = state;
        assertThat(happens(new Event.ReadReturned(earlier, found(2, SOURCE, COMMITTED))))
                .isEmpty();
        assertThat(happens(new Event.ReadOverdue(earlier))).isEmpty();
        assertThat(state).isEqualTo(before);
        assertThat(happens(new Event.PollDue())).contains(new Effect.Read(earlier + 1));
    }

    @Test
    void theReadThatFollowsFindsNothingNewAndSaysNothing() {
        ready();
        announces(Kind.HOLD, 3, HOLD_3);
        assertThat(reads(3, SOURCE, COMMITTED.holdingAs(3)))
                .noneMatch(Effect.Log.class::isInstance)
                .noneMatch(Effect.Hold.class::isInstance);
        assertThat(happens(new Event.AnnouncementUnread(3))).isEmpty();
        assertThat(state.problem()).isEmpty();
    }

    @Test
    void aVersionThatWasAnnouncedAndIsNotReadInTimeIsAProblemUntilItIs() {
        ready();
        announces(Kind.HOLD, 3, HOLD_3);
        assertThat(reads(2, SOURCE, COMMITTED))
                .as("it has its time, and is looked for soon")
                .contains(new Effect.PollAfter(Duration.ofSeconds(1), Jitter.TENTH))
                .noneMatch(Effect.Log.class::isInstance);
        assertThat(state.problem()).isEmpty();
        assertThat(happens(new Event.AnnouncementUnread(3)))
                .anyMatch(effect -> effect instanceof Effect.Log log && log.level() == Level.WARN);
        assertThat(state.problem()).hasValueSatisfying(problem -> assertThat(problem)
                .contains("announced version 3", "5 s", "registry-admin status"));
        unreadable();
        assertThat(state.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("version 3"));
        isIn(InstanceState.HOLDING);
        reads(3, SOURCE, COMMITTED.holdingAs(3));
        assertThat(state.problem()).isEmpty();
    }

    @Test
    void theTimeForTheReadOfOneVersionIsNotUpForTheNext() {
        heldBySignal();
        announces(Kind.SWITCH, 4, SWITCH_4);
        assertThat(happens(new Event.AnnouncementUnread(3))).isEmpty();
        assertThat(state.problem()).isEmpty();
    }

    @Test
    void anotherContentThanTheAnnouncedOneIsAProblemAtOnce() {
        ready();
        announces(Kind.HOLD, 3, HOLD_3);
        reads(3, SOURCE, null);
        assertThat(state.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("version 3", "different content"));
        isIn(InstanceState.HOLDING);
    }

    @Test
    void whileHeartbeatsComeARunIsReadSlowlyAndFromTheirEndOnAsOftenAsEver() {
        Duration quick = Duration.ofMillis(100);
        assertThat(reads(2, SOURCE.withPolling(Polling.every(quick)), COMMITTED))
                .contains(new Effect.PollAfter(quick, Jitter.TENTH));
        assertThat(happens(new Event.SignalsWork("c-1", true))).isEmpty();
        assertThat(reads(2, SOURCE.withPolling(Polling.every(quick)), COMMITTED))
                .contains(new Effect.PollAfter(Duration.ofSeconds(5), Jitter.HALF));
        assertThat(happens(new Event.SignalsWork("c-1", false)))
                .containsExactly(new Effect.PollAfter(quick, Jitter.FULL));
        assertThat(reads(2, SOURCE.withPolling(Polling.every(quick)), COMMITTED))
                .contains(new Effect.PollAfter(quick, Jitter.TENTH));
    }

    @Test
    void aSignOfAMovedDatabaseBringsASlowReadForward() {
        reads(2, SOURCE.withPolling(Polling.every(Duration.ofMillis(100))), COMMITTED);
        happens(new Event.SignalsWork("c-1", true));
        reads(2, SOURCE.withPolling(Polling.every(Duration.ofMillis(100))), COMMITTED);
        now += Duration.ofMillis(400).toNanos();
        assertThat(happens(new Event.MovedSign("57P01")))
                .containsExactly(new Effect.PollAfter(Duration.ofMillis(600), Jitter.NONE));
    }

    @Test
    void anIntervalThatIsLongerAnywayStaysAsItIs() {
        reads(2, SOURCE, COMMITTED);
        happens(new Event.SignalsWork("c-1", true));
        assertThat(reads(2, SOURCE, COMMITTED))
                .contains(new Effect.PollAfter(SOURCE.polling().interval(), Jitter.HALF));
    }

    @Test
    void theEndOfHeartbeatsNeverPutsOffARead() {
        reads(2, SOURCE, COMMITTED);
        happens(new Event.SignalsWork("c-1", true));
        unreadable();
        assertThat(happens(new Event.SignalsWork("c-1", false)))
                .as("a registry that doesn't answer is left alone")
                .isEmpty();
        happens(new Event.SignalsWork("c-1", true));
        happens(new Event.PollDue());
        assertThat(happens(new Event.SignalsWork("c-1", false))).isEmpty();
    }

    @Test
    void heartbeatsOfAnotherRunOrWithoutARunSlowNothingDown() {
        happens(new Event.SignalsWork("c-1", true));
        reads(2, SOURCE, COMMITTED);
        happens(new Event.SignalsWork("c-0", true));
        assertThat(state.pollsSlowly()).isFalse();
        happens(new Event.SignalsWork("c-1", true));
        assertThat(state.pollsSlowly()).isTrue();
        Transition second = new Transition("c-2", Transition.Phase.PREPARE, TARGET, Duration.ofSeconds(5));
        reads(3, SOURCE, second);
        assertThat(state.pollsSlowly()).as("another run, another session").isFalse();
    }

    @Test
    void forgedHeartbeatsSlowNothingDownInARunWithoutSignals() {
        Duration quick = Duration.ofMillis(100);
        Transition silent = new Transition("c-1", Transition.Phase.PREPARE, TARGET, Duration.ofSeconds(5));
        reads(2, SOURCE.withPolling(Polling.every(quick)), silent);
        happens(new Event.SignalsWork("c-1", true));
        assertThat(reads(2, SOURCE.withPolling(Polling.every(quick)), silent))
                .contains(new Effect.PollAfter(quick, Jitter.TENTH));
    }

    @Test
    void heldIsToldAtOnceForTheHoldThatItWasCommittedTo() {
        ready();
        assertThat(state.heldVersion()).isEqualTo(OptionalLong.of(3));
        announces(Kind.HOLD, 3, HOLD_3);
        assertThat(state.heldVersion()).isEqualTo(OptionalLong.of(3));
        assertThat(happens(new Event.Drained(FIRST))).contains(new Effect.RevealHeld("c-1", 3));
    }

    @Test
    void heldIsToldWhenTheStandbyIsTheLastToBeReady() {
        reads(2, SOURCE, COMMITTED);
        assertThat(state.heldVersion()).isEmpty();
        announces(Kind.HOLD, 3, HOLD_3);
        assertThat(happens(new Event.Drained(FIRST))).noneMatch(Effect.RevealHeld.class::isInstance);
        assertThat(happens(new Event.GenerationOpened(STANDBY))).contains(new Effect.RevealHeld("c-1", 3));
    }

    @Test
    void aSecondHoldIsNotToldAsTheFirst() {
        ready();
        reads(3, SOURCE, COMMITTED.holdingAs(3));
        reads(4, SOURCE, HOLD);
        assertThat(state.heldVersion()).isEmpty();
        assertThat(happens(new Event.Drained(FIRST))).noneMatch(Effect.RevealHeld.class::isInstance);
        isIn(InstanceState.HELD);
    }

    @Test
    void whatIsAnnouncedIsTheContentThatTheCoordinatorWrites() {
        PoolSettings larger = SOURCE.pool().withMaximumSize(20);
        reads(2, SOURCE.withPool(larger), COMMITTED);
        AnnouncedContent content = AnnouncedContent.of(Kind.HOLD, 3, SOURCE.withPool(larger), COMMITTED);
        announces(Kind.HOLD, 3, HOLD_3);
        assertThat(state.newest()).isEqualTo(SettingsToServe.announced(3, content));
        assertThat(content.transition().orElseThrow().commitments())
                .extracting(Commitment::version)
                .containsOnly(4L);
    }
}
