package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static dev.connectionregistry.testing.Sources.awaitVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Load;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import dev.connectionregistry.testing.StubConnector;
import dev.connectionregistry.testing.WatchedRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever the registry answers instead of good, newer settings: callers notice nothing, operators are told exactly. */
class RegistryTroubleTest {
    private static final ConnectionSettings HERE = stub("here");

    private final InMemoryRegistry memory = new InMemoryRegistry();
    private final WatchedRegistry registry = new WatchedRegistry(memory);
    private Map<String, Object> good = Map.of();

    private static ConnectionSettings stub(String host) {
        return Servers.settings(new Endpoint(host, 5432, "orders"));
    }

    @BeforeEach
    void versionTwoIsServed() {
        memory.put("orders", stub("before"));
        VersionedSettings current = memory.put("orders", HERE);
        good = SettingsCodec.toDocument(current);
    }

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    private void isEndured(Consumer<Map<String, Object>> damage, String problem) {
        Map<String, Object> damaged = new LinkedHashMap<>(good);
        damage.accept(damaged);
        isEndured(() -> memory.putDocument("orders", damaged), () -> memory.putDocument("orders", good), problem);
    }

    private void isEndured(Runnable trouble, Runnable recovery, String problem) {
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = Sources.on(registry, "troubled")
                        .connector(new StubConnector())
                        .build();
                Load load = Load.start(dataSource::getConnection, 1, (connection, number) -> connection.isValid(1))) {
            trouble.run();
            awaitStatus(dataSource, status -> status.problem().isPresent());
            DataSourceStatus status = dataSource.status();
            assertThat(status.problem().orElseThrow()).contains(problem).doesNotContain("hunter2");
            assertThat(status)
                    .returns(InstanceState.ACTIVE, DataSourceStatus::state)
                    .returns(2L, DataSourceStatus::version);
            int reads = registry.reads();
            await().until(() -> registry.reads() >= reads + 3);
            assertThat(dataSource.status().staleness()).isGreaterThan(status.staleness());
            recovery.run();
            awaitStatus(dataSource, now -> now.problem().isEmpty());
            assertThat(dataSource.status().lastProblem()).isEqualTo(status.problem());
            assertThat(dataSource.status().staleness()).isLessThan(Duration.ofSeconds(5));
            assertThat(log.warnings().stream().filter(line -> !line.contains("report about itself")))
                    .singleElement()
                    .asString()
                    .contains(problem, "still serving from version 2");
            assertThat(log.at(Level.INFO).stream().filter(line -> line.contains("gives usable answers again")))
                    .hasSize(1);
            assertThat(log.everything().toString()).doesNotContain("hunter2");
            long next = memory.put("orders", stub("after")).version();
            awaitVersion(dataSource, next);
            load.stop();
            assertThat(load.failures()).isEmpty();
        }
    }

    @Test
    void anOlderVersion() {
        isEndured(document -> document.put("version", 1L), "the registry answered version 1 after version 2");
    }

    @Test
    void anotherContentUnderTheSameVersion() {
        isEndured(
                document -> document.put("username", "somebody_else"),
                "the registry answered version 2 with different content");
    }

    @Test
    void aNewerVersionThatIsMalformed() {
        isEndured(
                document -> {
                    document.put("version", 3L);
                    document.remove("endpoint");
                    document.remove("username");
                },
                "version 3 in the registry can't be used: ");
    }

    @Test
    void aFormatOfTheFuture() {
        isEndured(
                document -> document.putAll(Map.of("version", 3L, "format", 2L)),
                "the settings have format 2; this release reads formats up to 1: update it");
    }

    @Test
    void aLiteralPassword() {
        isEndured(document -> document.put("passwordRef", "hunter2"), "a literal password is never accepted");
    }

    @Test
    void aLiteralPasswordUnderItsOwnName() {
        isEndured(document -> document.put("password", "hunter2"), "attribute 'password' holds a literal password");
    }

    @Test
    void anAbsurdInterval() {
        isEndured(
                document -> document.putAll(Map.of("version", 3L, "pollIntervalMillis", 1L)),
                "poll interval is 1ms; it must be 50ms to 1h");
    }

    @Test
    void aDocumentWithNothingInIt() {
        isEndured(Map::clear, "the current version in the registry can't be used: ");
    }

    @Test
    void theSettingsOfAnotherDatabase() {
        isEndured(document -> document.put("database", "invoices"), "has the name 'invoices'; was it copied by hand?");
    }

    @Test
    void anOutage() {
        isEndured(
                () -> memory.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "no route", null)),
                memory::recover,
                "the registry can't be read: no route");
    }

    @Test
    void theRemovalOfTheDatabase() {
        Change change = new Change("anna", Instant.now(), "");
        VersionedSettings removed = SettingsCodec.versioned(good).nextRemoved(change);
        isEndured(
                () -> memory.write(removed),
                () -> memory.write(removed.next(stub("brought.back"), change)),
                "the database was removed from the registry by anna in version 3");
    }

    @Test
    void nonsenseInEveryAttribute() {
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = Sources.on(registry, "troubled")
                        .connector(new StubConnector())
                        .build()) {
            for (String attribute : good.keySet()) {
                Map<String, Object> damaged = new HashMap<>(good);
                damaged.put(attribute, List.of(-1L));
                memory.putDocument("orders", damaged);
                int reads = registry.reads();
                await().pollInterval(Duration.ofMillis(5)).until(() -> registry.reads() > reads);
                assertThat(dataSource.status().state()).isEqualTo(InstanceState.ACTIVE);
            }
            memory.putDocument("orders", good);
            awaitVersion(dataSource, memory.put("orders", stub("after")).version());
            assertThat(log.at(Level.ERROR)).isEmpty();
        }
    }
}
