package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.follow.Jitter;
import dev.connectionregistry.internal.ClientState.StartOptions;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.status.SettingsSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** The decisions, one event after another, with nothing running. */
class DecisionsTest {
    private static final ConnectionSettings OLD = settings("old");
    private static final ConnectionSettings NEW = settings("new");
    private static final StartOptions NOTHING = new StartOptions(null, "none configured", null);

    private ClientState state = ClientState.starting(NOTHING);
    private long now = Duration.ofHours(1).toNanos();

    private static ConnectionSettings settings(String host) {
        return ConnectionSettings.of(new Endpoint(host, 5432, "orders"), "app", SecretRef.parse("env:PW"));
    }

    private List<Effect> happens(Event event) {
        Decision decision = event.decide(state, now);
        state = decision.state();
        return decision.effects();
    }

    private List<Effect> reads(ReadResult result) {
        List<Effect> all = new ArrayList<>(happens(new Event.PollDue()));
        all.addAll(happens(new Event.ReadReturned(state.reading().number(), result)));
        return all;
    }

    private static ReadResult found(long version, ConnectionSettings settings) {
        return new ReadResult.Found(new VersionedSettings(
                new DatabaseName("orders"),
                version,
                settings,
                new Change("op", Instant.EPOCH, ""),
                false,
                Optional.empty(),
                Map.of()));
    }

    private static ReadResult unreadable(RegistryException.Kind kind) {
        return new ReadResult.Unreadable(new RegistryException(kind, "no answer", null));
    }

    private void servingVersion(long version, ConnectionSettings settings) {
        reads(found(version, settings));
        happens(new Event.GenerationOpened(state.nextGeneration() - 1));
        assertThat(state.instanceState()).isEqualTo(InstanceState.ACTIVE);
    }

    private static <T extends Effect> List<T> only(List<Effect> effects, Class<T> type) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static List<String> warnings(List<Effect> effects) {
        return only(effects, Effect.Log.class).stream()
                .filter(log -> log.level() == Level.WARN)
                .map(Effect.Log::message)
                .toList();
    }

    @Test
    void aChangedPasswordReplacesThePoolForTheSameVersion() {
        servingVersion(1, OLD);
        assertThat(happens(new Event.PasswordChanged(1))).contains(new Effect.Open(2, 1, OLD));
        assertThat(happens(new Event.PasswordChanged(1))).isEmpty(); // it is being done
        assertThat(happens(new Event.GenerationOpened(2)))
                .contains(new Effect.Publish(2), new Effect.Retire(1, OLD.pool().drainGrace()));
        assertThat(happens(new Event.PasswordChanged(1))).isEmpty(); // the old one, on its way out
        assertThat(state.instanceState()).isEqualTo(InstanceState.ACTIVE);
    }

    @Test
    void aPoolThatCanNotBeOpenedForAChangedPasswordRejectsNothingAndIsTriedWhenItIsToldAgain() {
        servingVersion(1, OLD);
        happens(new Event.PasswordChanged(1));
        assertThat(happens(new Event.GenerationRefused(2, "too many connections")))
                .hasSize(1);
        assertThat(state.instanceState()).isEqualTo(InstanceState.ACTIVE);
        assertThat(state.problem()).isEmpty();
        assertThat(happens(new Event.PasswordChanged(1))).contains(new Effect.Open(3, 1, OLD));
    }

    @Test
    void newerSettingsComeBeforeAChangedPassword() {
        servingVersion(1, OLD);
        happens(new Event.PasswordChanged(1));
        assertThat(reads(found(2, NEW))).contains(new Effect.Open(3, 2, NEW));
        assertThat(happens(new Event.PasswordChanged(1))).isEmpty();
        happens(new Event.GenerationRefused(3, "no route"));
        assertThat(state.instanceState()).isEqualTo(InstanceState.REJECTED);
        assertThat(happens(new Event.PasswordChanged(1))).isEmpty();
    }

    @Test
    void opensAPoolForTheFirstSettingsAndStartsWhenItIsWarm() {
        assertThat(happens(new Event.StartRequested())).containsExactly(new Effect.Read(1));
        assertThat(happens(new Event.ReadReturned(1, found(3, OLD))))
                .containsExactly(
                        new Effect.Open(1, 3, OLD), new Effect.PollAfter(Duration.ofSeconds(30), Jitter.TENTH));
        assertThat(happens(new Event.GenerationOpened(1)))
                .containsExactly(
                        new Effect.Publish(1),
                        new Effect.Started(),
                        new Effect.SaveSnapshot(new SettingsToServe(3, OLD, SettingsSource.REGISTRY)));
    }

    @Test
    void opensANewEndpointBesideTheOldOneAndPublishesItOnlyWhenItIsOpen() {
        servingVersion(1, OLD);
        assertThat(reads(found(2, NEW))).contains(new Effect.Open(2, 2, NEW)).doesNotContain(new Effect.Publish(2));
        assertThat(happens(new Event.GenerationOpened(2)))
                .containsSubsequence(new Effect.Publish(2), new Effect.Retire(1, Duration.ofSeconds(30)));
    }

    @Test
    void aSignNeverPutsOffAReadThatIsPlannedForSooner() {
        servingVersion(1, OLD.withPolling(Polling.every(Duration.ofMillis(800))));
        now += Duration.ofMillis(300).toNanos();
        assertThat(happens(new Event.MovedSign("08006"))).isEmpty();
    }

    @Test
    void aSignCutsTheBackOffShortAlsoWhenTheIntervalIsShort() {
        servingVersion(1, OLD.withPolling(Polling.every(Duration.ofMillis(100))));
        reads(unreadable(RegistryException.Kind.UNREACHABLE));
        now += Duration.ofMillis(300).toNanos();
        assertThat(happens(new Event.MovedSign("08006")))
                .containsExactly(new Effect.PollAfter(Duration.ofMillis(700), Jitter.NONE));
    }

    @Test
    void changesSizesInPlaceAndAcknowledgesAnIntervalWithoutTouchingThePool() {
        servingVersion(1, OLD);
        ConnectionSettings larger = OLD.withPool(OLD.pool().withMaximumSize(20));
        assertThat(only(reads(found(2, larger)), Effect.Resize.class))
                .containsExactly(new Effect.Resize(1, larger.pool()));
        ConnectionSettings quicker = larger.withPolling(Polling.every(Duration.ofMillis(200)));
        List<Effect> effects = reads(found(3, quicker));
        assertThat(effects).contains(new Effect.PollAfter(Duration.ofMillis(200), Jitter.TENTH));
        assertThat(only(effects, Effect.Resize.class)).isEmpty();
        assertThat(only(effects, Effect.Open.class)).isEmpty();
        assertThat(state.acknowledged()).isEqualTo(3);
    }

    @Test
    void staysOnTheOldPoolWhenTheNewOneIsRefusedAndTriesAgain() {
        servingVersion(1, OLD);
        reads(found(2, NEW));
        List<Effect> effects = happens(new Event.GenerationRefused(2, "connection refused"));
        assertThat(only(effects, Effect.Publish.class)).isEmpty();
        assertThat(only(effects, Effect.RetryAfter.class)).hasSize(1);
        assertThat(warnings(effects))
                .singleElement()
                .asString()
                .contains("version 2", "refused", "staying on version 1");
        assertThat(state.instanceState()).isEqualTo(InstanceState.REJECTED);
        assertThat(happens(new Event.RetryDue(2))).containsExactly(new Effect.Open(3, 2, NEW));
        assertThat(warnings(happens(new Event.GenerationRefused(3, "connection refused"))))
                .isEmpty();
        happens(new Event.RetryDue(2));
        happens(new Event.GenerationOpened(4));
        assertThat(state.instanceState()).isEqualTo(InstanceState.ACTIVE);
    }

    @Test
    void dropsARejectionWhenTheVersionThatWasRejectedIsReplaced() {
        servingVersion(1, OLD);
        reads(found(2, NEW));
        happens(new Event.GenerationRefused(2, "connection refused"));
        reads(found(3, OLD));
        assertThat(state.instanceState()).isEqualTo(InstanceState.ACTIVE);
        assertThat(state.acknowledged()).isEqualTo(3);
        assertThat(happens(new Event.RetryDue(2))).isEmpty();
    }

    @Test
    void staysRejectedWhileNewerSettingsNameTheSameServerAndItHasNotWorkedYet() {
        servingVersion(1, OLD);
        reads(found(2, NEW));
        happens(new Event.GenerationRefused(2, "connection refused"));
        assertThat(reads(found(3, NEW.withPolling(Polling.every(Duration.ofSeconds(1))))))
                .anyMatch(Effect.Open.class::isInstance);
        assertThat(state.instanceState()).isEqualTo(InstanceState.REJECTED);
        assertThat(state.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("version 3", "connection refused"));
        happens(new Event.GenerationOpened(3));
        assertThat(state.instanceState()).isEqualTo(InstanceState.ACTIVE);
        assertThat(state.problem()).isEmpty();
    }

    @Test
    void givesUpAPoolThatIsBeingOpenedWhenNewerSettingsNameAnother() {
        servingVersion(1, OLD);
        reads(found(2, NEW));
        ConnectionSettings third = settings("third");
        List<Effect> effects = reads(found(3, third));
        assertThat(only(effects, Effect.Abandon.class))
                .singleElement()
                .extracting(Effect.Abandon::generation)
                .isEqualTo(2L);
        assertThat(effects).contains(new Effect.Open(3, 3, third));
        assertThat(only(happens(new Event.GenerationOpened(2)), Effect.Publish.class))
                .isEmpty();
    }

    @Test
    void keepsAPoolThatIsBeingOpenedWhenOnlyTheIntervalOrSizesChangeMeanwhile() {
        servingVersion(1, OLD);
        reads(found(2, NEW));
        ConnectionSettings larger = NEW.withPool(NEW.pool().withMaximumSize(20));
        List<Effect> effects = reads(found(3, larger));
        assertThat(only(effects, Effect.Open.class)).isEmpty();
        assertThat(happens(new Event.GenerationOpened(2)))
                .containsSubsequence(new Effect.Resize(2, larger.pool()), new Effect.Publish(2));
        assertThat(state.acknowledged()).isEqualTo(3);
    }

    @Test
    void goesBackToTheServingPoolWithoutOpeningAnythingWhenTheMoveIsRolledBackInTime() {
        servingVersion(1, OLD);
        reads(found(2, NEW));
        List<Effect> effects = reads(found(3, OLD));
        assertThat(only(effects, Effect.Abandon.class)).hasSize(1);
        assertThat(only(effects, Effect.Open.class)).isEmpty();
        assertThat(state.instanceState()).isEqualTo(InstanceState.ACTIVE);
    }

    @Test
    void neverTakesOlderAbsentMalformedOrChangedSettings() {
        servingVersion(5, OLD);
        for (ReadResult bad : List.of(
                found(4, NEW),
                found(5, NEW),
                new ReadResult.Absent(Optional.empty()),
                new ReadResult.Malformed(Optional.of(6L), "port is 0"),
                unreadable(RegistryException.Kind.UNREACHABLE))) {
            List<Effect> first = reads(bad);
            assertThat(warnings(first)).as("%s", bad).hasSize(1);
            assertThat(only(first, Effect.Open.class)).isEmpty();
            assertThat(only(first, Effect.PollAfter.class)).hasSize(1);
            assertThat(state.problem()).isPresent();
            assertThat(warnings(reads(bad))).as("said once: %s", bad).isEmpty();
        }
        assertThat(only(reads(found(5, OLD)), Effect.Log.class))
                .singleElement()
                .satisfies(log -> assertThat(log.message()).contains("usable answers again"));
        assertThat(state.problem()).isEmpty();
    }

    @Test
    void backsOffUpToHalfAMinuteWhileNothingAnswersAndReturnsToTheIntervalWhenItDoes() {
        servingVersion(1, OLD.withPolling(Polling.every(Duration.ofSeconds(1))));
        Duration longest = Duration.ZERO;
        for (int failure = 0; failure < 40; failure++) {
            Effect.PollAfter poll = only(reads(unreadable(RegistryException.Kind.THROTTLED)), Effect.PollAfter.class)
                    .get(0);
            assertThat(poll.jitter()).isEqualTo(Jitter.FULL);
            assertThat(poll.delay()).isGreaterThanOrEqualTo(longest).isLessThanOrEqualTo(Duration.ofSeconds(30));
            longest = poll.delay();
        }
        assertThat(longest).isEqualTo(Duration.ofSeconds(30));
        assertThat(reads(found(1, OLD.withPolling(Polling.every(Duration.ofSeconds(1))))))
                .contains(new Effect.PollAfter(Duration.ofSeconds(1), Jitter.TENTH));
    }

    @Test
    void readsAtOnceOnASignOfAMovedDatabaseButAtMostOnceASecond() {
        servingVersion(1, OLD);
        now += Duration.ofSeconds(5).toNanos();
        assertThat(only(happens(new Event.MovedSign("57P01")), Effect.Read.class))
                .hasSize(1);
        assertThat(happens(new Event.MovedSign("57P01"))).isEmpty();
        happens(new Event.ReadReturned(state.reading().number(), found(1, OLD)));
        now += Duration.ofMillis(300).toNanos();
        assertThat(happens(new Event.MovedSign("08006")))
                .containsExactly(new Effect.PollAfter(Duration.ofMillis(700), Jitter.NONE));
    }

    @Test
    void givesUpAReadThatDoesNotEndAndIgnoresItsLateAnswer() {
        servingVersion(1, OLD);
        happens(new Event.PollDue());
        long hanging = state.reading().number();
        assertThat(only(happens(new Event.ReadOverdue(hanging)), Effect.PollAfter.class))
                .hasSize(1);
        assertThat(happens(new Event.ReadReturned(hanging, found(2, NEW)))).isEmpty();
        assertThat(state.acknowledged()).isEqualTo(1);
    }

    @Test
    void refusesToStartWithAnUnknownDatabase() {
        happens(new Event.StartRequested());
        List<Effect> effects = happens(new Event.ReadReturned(1, new ReadResult.Absent(Optional.empty())));
        assertThat(only(effects, Effect.FailStart.class))
                .singleElement()
                .satisfies(failure -> assertThat(failure.message()).contains("no such database", "registry-admin add"));
    }

    @Test
    void startsFromTheSnapshotElseTheFallbackElseSaysWhatIsWrongWithAllThree() {
        SettingsToServe snapshot = new SettingsToServe(7, OLD, SettingsSource.SNAPSHOT);
        state = ClientState.starting(new StartOptions(snapshot, "", NEW));
        reads(unreadable(RegistryException.Kind.UNREACHABLE));
        assertThat(happens(new Event.StartOverdue())).contains(new Effect.Open(1, 7, OLD));

        state = ClientState.starting(new StartOptions(null, "file is damaged", NEW));
        reads(unreadable(RegistryException.Kind.UNREACHABLE));
        assertThat(happens(new Event.StartOverdue())).contains(new Effect.Open(1, 0, NEW));

        state = ClientState.starting(new StartOptions(null, "file is damaged", null));
        reads(unreadable(RegistryException.Kind.UNREACHABLE));
        assertThat(only(happens(new Event.StartOverdue()), Effect.FailStart.class))
                .singleElement()
                .satisfies(failure -> assertThat(failure.message())
                        .contains("no answer", "snapshot: file is damaged", "fallback: none given"));
    }

    @Test
    void movesFromTheSnapshotToNewerSettingsAndConfirmsEqualOnes() {
        state = ClientState.starting(new StartOptions(new SettingsToServe(7, OLD, SettingsSource.SNAPSHOT), "", null));
        reads(unreadable(RegistryException.Kind.UNREACHABLE));
        happens(new Event.StartOverdue());
        happens(new Event.GenerationOpened(1));
        assertThat(only(reads(found(7, OLD)), Effect.Open.class)).isEmpty();
        assertThat(state.serving()).satisfies(serving -> assertThat(serving)
                .isEqualTo(new ClientState.Serving(1, new SettingsToServe(7, OLD, SettingsSource.REGISTRY))));
        assertThat(reads(found(8, NEW))).contains(new Effect.Open(2, 8, NEW));
    }
}
