package dev.connectionregistry.registry.dynamodb;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static dev.connectionregistry.testing.Sources.awaitVersion;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.FromEnvironment;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Load;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A data source on a real table and a real server: the registry fails, the callers don't. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
final class DataSourceOnTableTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final Change CHANGE = new Change("anna", Instant.EPOCH, "");

    private final TcpGate gate = TcpGate.to("127.0.0.1", LocalTable.server().port());
    private final SystemProperties properties = new SystemProperties();
    private final DynamoDbClient direct = LocalTable.client();
    private String table = "";
    private VersionedSettings current = VersionedSettings.first(ORDERS, Servers.settings(Servers.first()), CHANGE);

    @BeforeEach
    void addTheDatabase() {
        properties.set("aws.accessKeyId", LocalTable.server().accessKeyId());
        properties.set("aws.secretAccessKey", LocalTable.server().secretAccessKey());
        table = LocalTable.create(direct);
        write(current);
    }

    @AfterEach
    void close() {
        properties.restore();
        direct.close();
        gate.close();
        Leftovers.awaitNoThreads();
        Sources.awaitNoSession(Servers.first(), "on-table");
    }

    private void write(VersionedSettings next) {
        try (DynamoDbRegistryAdministration operators = new DynamoDbRegistryAdministration(direct, table)) {
            assertThat(operators.write(next)).isInstanceOf(WriteResult.Written.class);
            current = next;
        }
    }

    private InstanceReport report() {
        try (DynamoDbRegistryAdministration operators = new DynamoDbRegistryAdministration(direct, table)) {
            return operators.fleet(ORDERS).get(0);
        }
    }

    private void endures(Runnable outage) {
        TableLocation location =
                TableLocation.of(table).withRegion("eu-central-1").withEndpointUrl("http://127.0.0.1:" + gate.port());
        try (LogCapture log = LogCapture.ofInfo();
                DynamoDbSettingsRegistry registry = DynamoDbSettingsRegistry.open(location);
                RegistryDataSource dataSource = Sources.on(registry, "on-table").build();
                Load load = Load.start(dataSource::getConnection, 1, (connection, number) -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("SELECT 1");
                    }
                })) {
            outage.run();
            awaitStatus(dataSource, status -> status.problem().isPresent());
            awaitStatus(dataSource, status -> status.staleness().compareTo(Duration.ofSeconds(3)) > 0);
            assertThat(dataSource.status().problem().orElseThrow()).contains("the registry can't be read: ");
            assertThat(dataSource.status().state()).isEqualTo(InstanceState.ACTIVE);
            gate.heal();
            awaitStatus(dataSource, status -> status.problem().isEmpty());
            ConnectionSettings second = Servers.settings(Servers.second());
            write(current.next(second, CHANGE));
            awaitVersion(dataSource, 2);
            load.stop();
            assertThat(load.failures()).isEmpty();
            assertThat(log.warnings().stream().filter(line -> line.contains("can't be read")))
                    .singleElement()
                    .asString()
                    .contains("still serving from version 1");
            assertThat(log.at(Level.INFO).stream().filter(line -> line.contains("gives usable answers again")))
                    .hasSize(1);
        }
        assertThat(report()).returns(InstanceState.STOPPED, InstanceReport::state);
    }

    @Test
    void nobodyNoticesThatTheTableCannotBeReached() {
        endures(gate::cut);
    }

    @Test
    void nobodyNoticesThatTheTableDoesNotAnswer() {
        endures(gate::hang);
    }

    @Test
    void aProgramNeedsNothingButItsEnvironment() throws Exception {
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FromEnvironment.class.getName());
        program.environment()
                .putAll(Map.of(
                        "REGISTRY_DATABASE",
                        "orders",
                        "REGISTRY_SERVICE",
                        "child",
                        "REGISTRY_INSTANCE",
                        "one",
                        "REGISTRY_TABLE",
                        table,
                        "AWS_REGION",
                        "eu-central-1",
                        "AWS_ENDPOINT_URL_DYNAMODB",
                        "http://127.0.0.1:" + gate.port(),
                        "AWS_ACCESS_KEY_ID",
                        LocalTable.server().accessKeyId(),
                        "AWS_SECRET_ACCESS_KEY",
                        LocalTable.server().secretAccessKey(),
                        "APP_PASSWORD",
                        Servers.PASSWORD));
        Process process = program.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(output)
                .contains("orders as app, seen as child/one, version 1")
                .doesNotContain(Servers.PASSWORD);
        assertThat(process.exitValue()).isZero();
        assertThat(report())
                .returns("child/one", InstanceReport::name)
                .returns(InstanceState.STOPPED, InstanceReport::state);
    }
}
