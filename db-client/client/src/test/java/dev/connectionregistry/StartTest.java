package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static dev.connectionregistry.testing.Sources.awaitVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.status.SettingsSource;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import dev.connectionregistry.testing.StubConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a data source starts from, and what it says when it can't. */
class StartTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final StubConnector connector = new StubConnector();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
        assertThat(connector.openConnections()).isZero();
    }

    private Path snapshot() {
        return folder.resolve("orders.json");
    }

    private RegistryDataSourceBuilder builder() {
        return Sources.on(registry, "start")
                .connector(connector)
                .snapshot(snapshot())
                .startTimeout(Duration.ofMillis(600));
    }

    private static ConnectionSettings stub(String host) {
        return Servers.settings(new Endpoint(host, 5432, "orders"));
    }

    private void outage() {
        registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "no route to DynamoDB", null));
    }

    private void runOnceAndLeaveASnapshot() {
        registry.put("orders", stub("first"));
        try (RegistryDataSource dataSource = builder().build()) {
            assertThat(dataSource.status().source()).contains(SettingsSource.REGISTRY);
            await().until(() -> Files.exists(snapshot()));
        }
    }

    @Test
    void theSnapshotIsForItsOwnerAloneAndHoldsNoPassword() throws IOException {
        runOnceAndLeaveASnapshot();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(snapshot())))
                .isEqualTo("rw-------");
        assertThat(snapshot()).content().contains("env:APP_PASSWORD").doesNotContain(Servers.PASSWORD);
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void startsFromTheSnapshotAndMovesWhenTheRegistryIsBackWithSomethingNewer() {
        runOnceAndLeaveASnapshot();
        registry.put("orders", stub("second"));
        outage();
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = builder().build()) {
            assertThat(dataSource.status())
                    .returns(1L, DataSourceStatus::version)
                    .returns(InstanceState.ACTIVE, DataSourceStatus::state);
            assertThat(dataSource.status().source()).contains(SettingsSource.SNAPSHOT);
            assertThat(log.warnings()).anySatisfy(line -> assertThat(line)
                    .contains("starting from version 1 from the snapshot", "no route to DynamoDB"));
            registry.recover();
            awaitVersion(dataSource, 2);
            assertThat(dataSource.status().source()).contains(SettingsSource.REGISTRY);
            await().untilAsserted(() -> assertThat(snapshot()).content().contains("\"second\""));
        }
    }

    @Test
    void theRegistryConfirmsASnapshotThatIsStillRight() {
        runOnceAndLeaveASnapshot();
        outage();
        try (RegistryDataSource dataSource = builder().build()) {
            registry.recover();
            awaitStatus(dataSource, status -> status.source().equals(java.util.Optional.of(SettingsSource.REGISTRY)));
            assertThat(dataSource.status().generation()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "{\"version\": 1", "42", "\0\0\0\0"})
    void takesTheFallbackWhenTheSnapshotIsDamaged(String content) throws IOException {
        Files.writeString(snapshot(), content);
        outage();
        startsFromTheFallbackBecause("is damaged");
    }

    @Test
    void takesTheFallbackWhenSomebodyEditedTheSnapshot() throws IOException {
        runOnceAndLeaveASnapshot();
        Files.writeString(snapshot(), Files.readString(snapshot()).replace("first", "other"));
        outage();
        startsFromTheFallbackBecause("its checksum doesn't match");
    }

    @Test
    void takesTheFallbackWhenTheSnapshotIsAFolder() throws IOException {
        Files.createDirectory(snapshot());
        outage();
        startsFromTheFallbackBecause("can't be read");
    }

    @Test
    void takesTheFallbackWhenTheSnapshotIsOfAnotherDatabase() {
        registry.put("invoices", stub("invoices"));
        try (RegistryDataSource other = builder().database("invoices").build()) {
            await().until(() -> Files.exists(snapshot()));
            assertThat(other.status().version()).isEqualTo(1);
        }
        outage();
        startsFromTheFallbackBecause("belongs to database 'invoices'");
    }

    private void startsFromTheFallbackBecause(String reason) {
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource =
                        builder().fallback(stub("fallback")).build()) {
            assertThat(dataSource.status().source()).contains(SettingsSource.FALLBACK);
            assertThat(dataSource.status().version()).isZero();
            assertThat(log.warnings()).anySatisfy(line -> assertThat(line).contains("the fallback", reason));
            registry.recover();
            long version = registry.put("orders", stub("registry")).version();
            awaitVersion(dataSource, version);
        }
    }

    @Test
    void namesAllThreeWhenThereIsNothingToStartFrom() {
        outage();
        long before = System.nanoTime();
        assertThatThrownBy(() -> builder().build())
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll(
                        "orders can't start",
                        "no route to DynamoDB",
                        "snapshot: there is no file " + snapshot(),
                        "fallback: none given");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void anUnknownDatabaseIsAnErrorEvenWithASnapshotAndAFallback() {
        runOnceAndLeaveASnapshot();
        assertThatThrownBy(() -> Sources.on(new InMemoryRegistry(), "start")
                        .connector(connector)
                        .snapshot(snapshot())
                        .fallback(stub("fallback"))
                        .build())
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll("there is no such database", "registry-admin add");
    }

    @Test
    void malformedSettingsAreNamedWhenThereIsNothingElse() {
        registry.putDocument("orders", Map.of("format", 1L, "database", "orders", "version", 7L));
        assertThatThrownBy(() -> builder().build())
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll("version 7 in the registry can't be used", "endpoint", "fallback: none given");
    }

    @Test
    void aServerThatIsDownIsNamed() {
        registry.put("orders", stub("down"));
        connector.refuse("down", new SQLException("down.example refused the connection", "08001"));
        assertThatThrownBy(() -> builder().build())
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll("version 1", "down.example refused the connection");
        assertThat(registry.fleet(new DatabaseName("orders")))
                .as("operators see why it crashes")
                .singleElement()
                .satisfies(report -> {
                    assertThat(report.state()).isEqualTo(InstanceState.STOPPED);
                    assertThat(report.lastError()).hasValueSatisfying(cause -> assertThat(cause)
                            .contains("down.example refused the connection"));
                });
    }

    @Test
    void aSnapshotThatCannotBeWrittenIsSaidOnceAndHarmsNothing() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        registry.put("orders", stub("first"));
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource =
                        builder().snapshot(file.resolve("orders.json")).build()) {
            awaitVersion(dataSource, registry.put("orders", stub("second")).version());
            awaitVersion(dataSource, registry.put("orders", stub("third")).version());
            await().untilAsserted(() ->
                    assertThat(log.warnings()).singleElement().asString().contains("the snapshot can't be saved"));
        }
    }
}
