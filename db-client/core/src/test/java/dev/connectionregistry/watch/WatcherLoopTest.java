package dev.connectionregistry.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.follow.SnapshotFile;
import dev.connectionregistry.core.internal.follow.SnapshotKeeper;
import dev.connectionregistry.core.internal.follow.Verdict.Content;
import dev.connectionregistry.internal.DirectExecutor;
import dev.connectionregistry.internal.ManualScheduler;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.WatchedRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watcher on a clock that the test winds. */
class WatcherLoopTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final ConnectionSettings OLD = ConnectionSettings.of(
                    Endpoint.parse("old:5432/orders"), "app", SecretRef.parse("env:PW"))
            .withPolling(Polling.every(Duration.ofSeconds(1)));
    private static final ConnectionSettings NEW = OLD.withEndpoint(Endpoint.parse("new:5432/orders"));

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final WatchedRegistry watched = new WatchedRegistry(registry);
    private final ManualScheduler control = new ManualScheduler();
    private final List<Long> followed = new ArrayList<>();
    private @Nullable String refusal;
    private List<String> bounds = List.of();
    private @Nullable ConnectionSettings fallback;
    private @Nullable Path snapshot;

    private WatcherLoop loop() {
        DirectExecutor direct = new DirectExecutor();
        return new WatcherLoop(
                new WatcherLoop.Parts(
                        ORDERS,
                        "checkout",
                        "a",
                        watched,
                        control,
                        direct,
                        direct,
                        this::follow,
                        settings -> settings.equals(NEW) ? bounds : List.of(),
                        Map.of(),
                        Duration.ofSeconds(30),
                        fallback,
                        () -> 0.5,
                        Clock.systemUTC()),
                new SnapshotKeeper(snapshot, ORDERS, direct));
    }

    private void follow(Content content) {
        followed.add(content.version());
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
    }

    private WatcherLoop started() {
        WatcherLoop loop = loop();
        CompletableFuture<Void> start = loop.start(Duration.ofSeconds(5));
        control.run();
        assertThat(start).isCompleted();
        return loop;
    }

    private InstanceReport report() {
        return registry.fleet(ORDERS).get(0);
    }

    @Test
    void followsNewSettingsAndReportsAsAPlainMember() {
        registry.put("orders", OLD);
        WatcherLoop loop = started();
        assertThat(report().state()).isEqualTo(InstanceState.ACTIVE);
        assertThat(report().protocol()).isEqualTo(InstanceReport.PLAIN_PROTOCOL);
        registry.put("orders", NEW);
        control.pass(Duration.ofSeconds(2));
        assertThat(followed).containsExactly(1L, 2L);
        assertThat(report().version()).isEqualTo(2);
        assertThat(report().endpoint()).isEqualTo("new:5432/orders");
        assertThat(loop.status().version()).isEqualTo(2);
    }

    @Test
    void acknowledgesWhatAsksForNothingElseWithoutTheFollower() {
        registry.put("orders", OLD);
        WatcherLoop loop = started();
        registry.put("orders", OLD.withPolling(Polling.every(Duration.ofMillis(200))));
        control.pass(Duration.ofSeconds(2));
        assertThat(followed).containsExactly(1L);
        assertThat(report().version()).isEqualTo(2);
        int before = watched.reads();
        control.pass(Duration.ofSeconds(1));
        assertThat(watched.reads() - before).as("the new interval is in force").isBetween(4, 6);
        assertThat(loop.status().problem()).isEmpty();
    }

    @Test
    void staysOnTheSourceDuringACutoverAndMovesWithTheSwitch() {
        VersionedSettings first = registry.put("orders", OLD);
        started();
        Change change = new Change("test", Instant.EPOCH, "");
        Transition prepare = new Transition("c-1", Transition.Phase.PREPARE, NEW, Duration.ofSeconds(5));
        VersionedSettings prepared = first.nextIn(prepare, change);
        registry.write(prepared);
        control.pass(Duration.ofSeconds(2));
        VersionedSettings held = prepared.nextIn(prepare.in(Transition.Phase.HOLD), change);
        registry.write(held);
        control.pass(Duration.ofSeconds(2));
        assertThat(followed).containsExactly(1L);
        assertThat(report().state()).as("it can't hold").isEqualTo(InstanceState.ACTIVE);
        registry.write(held.next(NEW, change));
        control.pass(Duration.ofSeconds(2));
        assertThat(followed).containsExactly(1L, 4L);
    }

    @Test
    void staysOnWhatItUsesWhileTheFollowerFailsAndTriesAgain() {
        registry.put("orders", OLD);
        WatcherLoop loop = started();
        refusal = "no such role";
        registry.put("orders", NEW);
        control.pass(Duration.ofSeconds(2));
        assertThat(report().state()).isEqualTo(InstanceState.REJECTED);
        assertThat(report().lastError()).hasValue("version 2 can't be used: no such role");
        assertThat(report().refusedVersion()).hasValue(2L);
        assertThat(report().endpoint()).isEqualTo("old:5432/orders");
        refusal = null;
        control.pass(Duration.ofSeconds(30));
        assertThat(report().state()).isEqualTo(InstanceState.ACTIVE);
        assertThat(loop.status().version()).isEqualTo(2);
    }

    @Test
    void goesBackToWhatItUsesWhenTheRejectedSettingsAreTakenBack() {
        registry.put("orders", OLD);
        started();
        refusal = "no such role";
        registry.put("orders", NEW);
        control.pass(Duration.ofSeconds(2));
        registry.put("orders", OLD);
        control.pass(Duration.ofSeconds(2));
        assertThat(report().state()).isEqualTo(InstanceState.ACTIVE);
        assertThat(report().version()).isEqualTo(3);
        int calls = followed.size();
        control.pass(Duration.ofMinutes(2));
        assertThat(followed).as("nothing is tried any more").hasSize(calls);
    }

    @Test
    void neverCallsTheFollowerWithWhatItsOwnerDoesNotAllow() {
        registry.put("orders", OLD);
        started();
        bounds = List.of("endpoint new:5432/orders is not one of those allowed");
        registry.put("orders", NEW);
        control.pass(Duration.ofMinutes(1));
        assertThat(followed).containsExactly(1L);
        assertThat(report().state()).isEqualTo(InstanceState.REJECTED);
        assertThat(report().lastError().orElseThrow()).contains("is not one of those allowed");
    }

    @Test
    void backsOffWhileTheRegistryIsOutAndKeepsWhatItUses() {
        registry.put("orders", OLD);
        WatcherLoop loop = started();
        registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "gone", null));
        control.pass(Duration.ofSeconds(10));
        int before = watched.reads();
        control.pass(Duration.ofMinutes(5));
        assertThat(watched.reads() - before).isBetween(10, 40);
        assertThat(loop.status().problem()).hasValue("the registry can't be read: gone");
        assertThat(loop.status().state()).isEqualTo(InstanceState.ACTIVE);
        assertThat(loop.status().staleness()).isGreaterThan(Duration.ofMinutes(5));
        registry.recover();
        registry.put("orders", NEW);
        control.pass(Duration.ofSeconds(60));
        assertThat(loop.status().version()).isEqualTo(2);
        assertThat(loop.status().problem()).isEmpty();
    }

    @Test
    void startsFromTheSnapshotWhenTheRegistryIsOutAndIgnoresOlderSettings(@TempDir Path folder) throws Exception {
        snapshot = folder.resolve("orders.json");
        new SnapshotFile(snapshot, ORDERS).save(new SnapshotFile.Content(7, NEW));
        registry.put("orders", OLD);
        registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "gone", null));
        WatcherLoop loop = loop();
        CompletableFuture<Void> start = loop.start(Duration.ofSeconds(5));
        control.pass(Duration.ofSeconds(4));
        assertThat(start).isNotDone();
        control.pass(Duration.ofSeconds(2));
        assertThat(start).isCompleted();
        assertThat(loop.status().version()).isEqualTo(7);
        registry.recover();
        control.pass(Duration.ofMinutes(1));
        assertThat(followed).containsExactly(7L);
        assertThat(loop.status().problem().orElseThrow()).contains("version 1 after version 7");
    }

    @Test
    void keepsTheSettingsItUsesInTheSnapshot(@TempDir Path folder) throws Exception {
        snapshot = folder.resolve("orders.json");
        registry.put("orders", OLD);
        started();
        refusal = "no such role";
        registry.put("orders", NEW);
        control.pass(Duration.ofSeconds(2));
        assertThat(new SnapshotFile(snapshot, ORDERS).load()).isEqualTo(new SnapshotFile.Content(1, OLD));
        refusal = null;
        control.pass(Duration.ofSeconds(30));
        assertThat(new SnapshotFile(snapshot, ORDERS).load()).isEqualTo(new SnapshotFile.Content(2, NEW));
    }

    @Test
    void startsFromTheFallbackOrNamesAllThatWasTried() {
        registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "gone", null));
        CompletableFuture<Void> without = loop().start(Duration.ofSeconds(5));
        control.pass(Duration.ofSeconds(6));
        assertFails(without, "the registry can't be read: gone; snapshot: none configured; fallback: none given");
        fallback = OLD;
        WatcherLoop loop = loop();
        CompletableFuture<Void> with = loop.start(Duration.ofSeconds(5));
        control.pass(Duration.ofSeconds(6));
        assertThat(with).isCompleted();
        assertThat(loop.status().version()).isZero();
    }

    @Test
    void aStartFailsAtOnceWhereTheDatabaseIsUnknownOrTheFollowerFails() {
        CompletableFuture<Void> unknown = loop().start(Duration.ofSeconds(5));
        control.run();
        assertFails(unknown, "there is no such database; add it with 'registry-admin add'");
        registry.put("orders", OLD);
        refusal = "no such role";
        CompletableFuture<Void> refused = loop().start(Duration.ofSeconds(5));
        control.run();
        assertFails(refused, "version 1 of the settings can't be used: no such role");
    }

    private static void assertFails(CompletableFuture<Void> start, String message) {
        assertThat(start)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(Exception.class)
                .withMessageContaining(message);
    }

    @Test
    void looksSoonerWhenAConnectionFailedButAtMostOnceASecond() {
        registry.put("orders", OLD.withPolling(Polling.every(Duration.ofMinutes(1))));
        WatcherLoop loop = started();
        control.pass(Duration.ofSeconds(5));
        int before = watched.reads();
        for (int i = 0; i < 100; i++) {
            loop.lookSoon();
            control.run();
        }
        assertThat(watched.reads() - before).isEqualTo(1);
        control.pass(Duration.ofMillis(1100));
        assertThat(watched.reads() - before).isEqualTo(2);
    }

    @Test
    void reportsItsEnd() {
        registry.put("orders", OLD);
        WatcherLoop loop = started();
        CompletableFuture<Void> end = loop.close();
        control.run();
        assertThat(end).isCompleted();
        assertThat(report().state()).isEqualTo(InstanceState.STOPPED);
    }
}
