package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.codec.ReportCodec;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.core.internal.follow.SnapshotFile;
import dev.connectionregistry.internal.ClientState.StartOptions;
import dev.connectionregistry.local.HostileDocuments;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolProblem;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.status.SettingsSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in the table, a service that serves goes on serving and polling, and nothing is thrown. */
class HostileSettingsTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final ConnectionSettings GOOD = settings("good");
    private static final StartOptions NOTHING = new StartOptions(null, "none configured", null);
    private static final int MUTATIONS = 3_000;

    private static ConnectionSettings settings(String host) {
        return ConnectionSettings.of(new Endpoint(host, 5432, "orders"), "app", SecretRef.parse("env:PW"))
                .withPolling(Polling.every(Duration.ofSeconds(1)));
    }

    private static VersionedSettings version(long version, ConnectionSettings settings) {
        return new VersionedSettings(
                ORDERS, version, settings, new Change("op", Instant.EPOCH, ""), false, Optional.empty(), Map.of());
    }

    private static Map<String, Object> inCutover() {
        Transition transition =
                new Transition("c-1", Transition.Phase.PREPARE, settings("target"), Duration.ofSeconds(5));
        return SettingsCodec.toDocument(version(2, GOOD).nextIn(transition, new Change("op", Instant.EPOCH, "why")));
    }

    /** A client that serves version 2 and has just asked for the settings. */
    private static ClientState serving() {
        ClientState state = ClientState.starting(NOTHING);
        for (Event event : List.of(
                new Event.StartRequested(),
                new Event.ReadReturned(1, new ReadResult.Found(version(2, GOOD))),
                new Event.GenerationOpened(1),
                new Event.PollDue())) {
            state = event.decide(state, 0).state();
        }
        assertThat(state.instanceState()).isEqualTo(InstanceState.ACTIVE);
        return state;
    }

    private static Decision answered(ClientState state, ReadResult result) {
        return new Event.ReadReturned(state.reading().number(), result).decide(state, 1);
    }

    private static void servesAndPollsOn(Map<String, ?> document) {
        Decision decision = answered(serving(), SettingsCodec.readResult(ORDERS, document));
        assertThat(decision.state().serving())
                .isNotNull()
                .extracting(ClientState.Serving::generation)
                .isEqualTo(1L);
        assertThat(decision.effects())
                .anyMatch(Effect.PollAfter.class::isInstance)
                .noneMatch(Effect.Retire.class::isInstance);
        assertThat(decision.state().interval()).isBetween(Polling.MINIMUM, Polling.MAXIMUM);
    }

    @Test
    void eachAttributeMayHaveAnyValue() {
        Map<String, Object> good = inCutover();
        for (List<String> path : HostileDocuments.paths(good)) {
            servesAndPollsOn(HostileDocuments.without(good, path));
            for (Object value : HostileDocuments.values()) {
                servesAndPollsOn(HostileDocuments.with(good, path, value));
            }
        }
    }

    @Test
    void anyMixtureDoesNoHarm() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < MUTATIONS; i++) {
            Map<String, Object> document = HostileDocuments.mutated(inCutover(), random);
            try {
                servesAndPollsOn(document);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", mutation " + i + " ends in an error", e);
            }
        }
    }

    @Test
    void aVersionFarAboveTheNewestIsNotBelievedAndTheNextOneIs() {
        for (long forged : List.of(1_000_003L, 999_999_999_999L, Long.MAX_VALUE)) {
            Decision refused = answered(serving(), new ReadResult.Found(version(forged, settings("elsewhere"))));
            assertThat(refused.state().acknowledged()).isEqualTo(2);
            assertThat(refused.state().refusedVersion()).contains(forged);
            assertThat(refused.state().problem()).hasValueSatisfying(problem -> assertThat(problem)
                    .contains("version " + forged, "above version 2", "at most 1,000,000"));
            assertThat(refused.effects()).noneMatch(Effect.Open.class::isInstance);
            ClientState asking = new Event.PollDue().decide(refused.state(), 2).state();
            Decision repaired = answered(asking, new ReadResult.Found(version(3, settings("elsewhere"))));
            assertThat(repaired.effects()).anyMatch(Effect.Open.class::isInstance);
            assertThat(repaired.state().refusedVersion()).isEmpty();
        }
        Decision near = answered(serving(), new ReadResult.Found(version(1_000_002, settings("elsewhere"))));
        assertThat(near.effects()).anyMatch(Effect.Open.class::isInstance);
    }

    @Test
    void aFirstStartBelievesNoVersionAboveABillionUnlessASnapshotIsNear() {
        assertThat(opens(NOTHING, 1_000_000_000)).isTrue();
        assertThat(opens(NOTHING, 1_000_000_001)).isFalse();
        StartOptions snapshot = new StartOptions(new SettingsToServe(5, GOOD, SettingsSource.SNAPSHOT), "", null);
        assertThat(opens(snapshot, 1_000_005)).isTrue();
        Decision refused = started(snapshot, 1_000_006);
        assertThat(refused.effects())
                .as("it starts from the snapshot instead")
                .anyMatch(effect -> effect instanceof Effect.Open open && open.version() == 5);
    }

    private static boolean opens(StartOptions options, long version) {
        return started(options, version).effects().stream()
                .anyMatch(effect -> effect instanceof Effect.Open open && open.version() == version);
    }

    private static Decision started(StartOptions options, long version) {
        ClientState reading = new Event.StartRequested()
                .decide(ClientState.starting(options), 0)
                .state();
        return answered(reading, new ReadResult.Found(version(version, settings("new"))));
    }

    @Test
    void aSnapshotFileMayHoldAnything(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("orders.json");
        SnapshotFile snapshot = new SnapshotFile(file, ORDERS);
        snapshot.save(new SnapshotFile.Content(2, GOOD));
        byte[] good = Files.readAllBytes(file);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = good.clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            write(file, bytes);
            assertUnusableOrSame(snapshot, "seed " + seed + ", mutation " + i);
        }
        for (String text : List.of("", "null", "[]", "{}", "[".repeat(100_000), "\"\ud800\"", "{\"sha256\":[]}")) {
            write(file, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertUnusableOrSame(snapshot, text.length() + " characters");
        }
        for (long version : List.of(0L, -1L, Long.MAX_VALUE, 1_000_000_001L)) {
            snapshot.save(new SnapshotFile.Content(version, GOOD));
            assertUnusableOrSame(snapshot, "version " + version);
        }
        snapshot.save(new SnapshotFile.Content(3, GOOD));
        assertThat(snapshot.load().version()).isEqualTo(3);
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
    }

    private static void assertUnusableOrSame(SnapshotFile snapshot, String what) {
        try {
            assertThat(snapshot.load()).as(what).isEqualTo(new SnapshotFile.Content(2, GOOD));
        } catch (SnapshotFile.UnusableException e) {
            assertThat(e.getMessage()).as(what).isNotBlank();
        }
    }

    @Test
    void aReportIsReadWithinItsBoundsOrRefused() {
        Map<String, Object> good = ReportCodec.toDocument(InstanceReport.builder(ORDERS, "checkout", "i-1")
                .reportedAt(Instant.now())
                .problem(Optional.of(new PoolProblem("refused", Instant.now())))
                .lastError(Optional.of("refused"))
                .refusedVersion(Optional.of(3L))
                .bounds(Map.of("endpoints", List.of("*:5432")))
                .build());
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < MUTATIONS; i++) {
            Map<String, Object> document = HostileDocuments.mutated(good, random);
            try {
                InstanceReport report = ReportCodec.report(document);
                assertThat(Duration.between(report.reportedAt(), Instant.now()).toNanos())
                        .as("it can be calculated with")
                        .isNotEqualTo(Long.MIN_VALUE);
                assertThat(report.heartbeat()).isBetween(Duration.ofMillis(1), Duration.ofHours(1));
                assertThat(report.pool().maximumSize()).isNotNegative();
                assertThat(ReportCodec.report(ReportCodec.toDocument(report))).isEqualTo(report);
            } catch (InvalidSettingsException e) {
                assertThat(e.getMessage()).isNotBlank();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", mutation " + i + " ends in an error", e);
            }
        }
    }
}
