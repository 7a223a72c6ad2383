package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static dev.connectionregistry.testing.Sources.awaitVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.core.internal.secrets.EnvironmentSecrets;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Load;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New settings that can't be used move nobody and harm nobody, say why, and are taken as soon as they can be used. */
class UnusableEndpointTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");

    private final Map<String, String> environment = new ConcurrentHashMap<>(Map.of("APP_PASSWORD", Servers.PASSWORD));

    @FunctionalInterface
    private interface Mending {
        void run() throws Exception;
    }

    /** Reads the variables again each time, as a process can't; so that one can turn up. */
    private final class GrowingEnvironment implements SecretResolver {
        @Override
        public String scheme() {
            return "env";
        }

        @Override
        public Secret resolve(SecretRequest request) throws SecretException {
            return new EnvironmentSecrets(environment).resolve(request);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
        Sources.awaitNoSession(Servers.second(), "unusable");
    }

    private void staysUntilMended(ConnectionSettings unusable, String cause, Mending mending) throws Exception {
        staysUntilMended(unusable, List.of(cause), mending);
    }

    /** {@code causes}: the one to be seen, and those that may be seen after it while it is fixed. */
    private void staysUntilMended(ConnectionSettings unusable, List<String> causes, Mending mending) throws Exception {
        String cause = causes.get(0);
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", Servers.settings(Servers.first()));
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = Sources.on(registry, "unusable")
                        .secrets(new GrowingEnvironment())
                        .build();
                Load load = Load.start(dataSource::getConnection, 2, (connection, number) -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("SELECT 1");
                    }
                })) {
            registry.put("orders", unusable);
            awaitStatus(dataSource, status -> status.state() == InstanceState.REJECTED);
            DataSourceStatus status = dataSource.status();
            assertThat(status.version()).isEqualTo(1);
            assertThat(status.acknowledgedVersion()).isEqualTo(2);
            assertThat(status.endpoint()).contains(Servers.endpoint(Servers.first()));
            assertThat(status.problem()).hasValueSatisfying(text -> assertThat(text)
                    .startsWith("version 2 can't be used: ")
                    .contains(cause));
            await().untilAsserted(() -> assertThat(report(registry))
                    .returns(InstanceState.REJECTED, InstanceReport::state)
                    .returns(status.problem(), InstanceReport::lastError));
            mending.run();
            awaitVersion(dataSource, 2);
            assertThat(dataSource.status().state()).isEqualTo(InstanceState.ACTIVE);
            assertThat(dataSource.status().problem()).isEmpty();
            Optional<String> last = dataSource.status().lastProblem();
            assertThat(last).hasValueSatisfying(text -> assertThat(causes).anyMatch(text::contains));
            assertThat(causes.size() > 1 || last.equals(status.problem()))
                    .as("%s is still %s", last, status.problem())
                    .isTrue();
            load.stop();
            assertThat(log.warnings()).first().asString().contains(cause, "staying on version 1");
            assertThat(log.warnings()).hasSizeLessThanOrEqualTo(causes.size()).allSatisfy(warning -> assertThat(causes)
                    .anyMatch(warning::contains));
            assertThat(List.of(log.everything(), status, report(registry)).toString())
                    .doesNotContain(Servers.PASSWORD, "not-the-password");
            assertThat(load.failures()).isEmpty();
        }
    }

    private static InstanceReport report(InMemoryRegistry registry) {
        return registry.fleet(ORDERS).get(0);
    }

    private static ConnectionSettings second() {
        return Servers.settings(Servers.second());
    }

    private static Endpoint secondCalled(String database) {
        return new Endpoint("127.0.0.1", Servers.second().port(), database);
    }

    @Test
    void aServerThatIsDownAndThenAStandby() throws Exception {
        try (LocalPostgres own = LocalPostgres.start(18)) {
            Servers.prepare(own);
            Path standby = dataDirectory(own).resolve("standby.signal");
            own.stop(LocalPostgres.StopMode.FAST);
            staysUntilMended(Servers.settings(own), List.of("refused", "is starting up"), own::startAgain);
            own.stop(LocalPostgres.StopMode.FAST);
            Files.createFile(standby);
            own.startAgain();
            staysUntilMended(
                    Servers.settings(own),
                    "is in recovery (a standby)",
                    () -> own.execute("orders", "SELECT pg_promote()"));
        }
    }

    private static Path dataDirectory(LocalPostgres server) throws Exception {
        try (var connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SHOW data_directory")) {
            row.next();
            return Path.of(row.getString(1));
        }
    }

    @Test
    void aBlackHole() throws Exception {
        try (TcpGate gate = TcpGate.to("127.0.0.1", Servers.second().port())) {
            gate.hang();
            staysUntilMended(
                    Servers.settings(new Endpoint(gate.host(), gate.port(), "orders"))
                            .withProperties(Map.of("socketTimeout", "1")),
                    "Read timed out",
                    gate::heal);
        }
    }

    @Test
    void aPasswordThatIsWrong() throws Exception {
        Servers.second().createLogin("wrong_password", "another");
        staysUntilMended(
                second().withCredentials("wrong_password", SecretRef.parse("env:APP_PASSWORD")),
                "password authentication failed for user \"wrong_password\"",
                () -> Servers.second()
                        .execute("orders", "ALTER ROLE wrong_password PASSWORD '" + Servers.PASSWORD + "'"));
    }

    @Test
    void aRoleThatIsMissing() throws Exception {
        staysUntilMended(
                second().withCredentials("latecomer", SecretRef.parse("env:APP_PASSWORD")),
                "password authentication failed for user \"latecomer\"",
                () -> Servers.second().createLogin("latecomer", Servers.PASSWORD));
    }

    @Test
    void aDatabaseThatIsReadOnly() throws Exception {
        Servers.second().createDatabase("read_only");
        Servers.second().execute("postgres", "ALTER DATABASE read_only SET default_transaction_read_only = on");
        staysUntilMended(
                second().withEndpoint(secondCalled("read_only")),
                "/read_only is read-only; the settings want a primary",
                () -> Servers.second()
                        .execute("postgres", "ALTER DATABASE read_only RESET default_transaction_read_only"));
    }

    @Test
    void aDatabaseThatIsMissing() throws Exception {
        staysUntilMended(
                second().withEndpoint(secondCalled("missing")),
                "database \"missing\" does not exist",
                () -> Servers.second().createDatabase("missing"));
    }

    @Test
    void aDatabaseThatTakesNoMoreConnections() throws Exception {
        Servers.second().createDatabase("full_house");
        Servers.second().execute("postgres", "ALTER DATABASE full_house CONNECTION LIMIT 0");
        staysUntilMended(
                second().withEndpoint(secondCalled("full_house")),
                "too many connections for database \"full_house\"",
                () -> Servers.second().execute("postgres", "ALTER DATABASE full_house CONNECTION LIMIT -1"));
    }

    @Test
    void aDatabaseThatCannotBeValidated() throws Exception {
        Servers.second().createDatabase("secretive");
        Servers.second().execute("secretive", "REVOKE EXECUTE ON FUNCTION pg_is_in_recovery() FROM PUBLIC");
        staysUntilMended(
                second().withEndpoint(secondCalled("secretive")),
                "/secretive as app: ERROR: permission denied for function pg_is_in_recovery",
                () -> Servers.second().execute("secretive", "GRANT EXECUTE ON FUNCTION pg_is_in_recovery() TO PUBLIC"));
    }

    @Test
    void aDriverPropertyThatMakesNoSense() throws Exception {
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", Servers.settings(Servers.first()));
        try (RegistryDataSource dataSource = Sources.on(registry, "unusable").build()) {
            registry.put("orders", second().withProperties(Map.of("socketTimeout", "ten")));
            awaitStatus(dataSource, status -> status.state() == InstanceState.REJECTED);
            assertThat(dataSource.status().problem())
                    .hasValueSatisfying(text -> assertThat(text).contains("'socketTimeout' is 'ten'"));
        }
    }

    @Test
    void anEnvironmentVariableThatIsNotSet() throws Exception {
        staysUntilMended(
                second().withCredentials("app", SecretRef.parse("env:NEW_PASSWORD")),
                "environment variable NEW_PASSWORD is not set",
                () -> environment.put("NEW_PASSWORD", Servers.PASSWORD));
    }

    @Test
    void aPasswordFileThatIsAbsent(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("password");
        staysUntilMended(
                second().withCredentials("app", SecretRef.parse("file:" + file)),
                "password file " + file + " can't be read (NoSuchFileException)",
                () -> Files.writeString(file, Servers.PASSWORD + "\n"));
    }

    @Test
    void aPasswordOfASchemeThatNobodyKnows() throws Exception {
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", Servers.settings(Servers.first()));
        try (RegistryDataSource dataSource = Sources.on(registry, "unusable").build()) {
            registry.put("orders", second().withCredentials("app", SecretRef.parse("x-vault:orders/password")));
            awaitStatus(dataSource, status -> status.state() == InstanceState.REJECTED);
            assertThat(dataSource.status().problem())
                    .hasValueSatisfying(text -> assertThat(text).contains("no resolver for 'x-vault:' passwords"));
            registry.put("orders", second());
            awaitVersion(dataSource, 3);
        }
    }

    /** As when the optional SDK that a resolver needs is not on the class path. */
    @Test
    void aResolverThatCannotBeLinked() throws Exception {
        SecretResolver broken = new SecretResolver() {
            @Override
            public String scheme() {
                return "ssm";
            }

            @Override
            public Secret resolve(SecretRequest request) {
                throw new NoClassDefFoundError("software/amazon/awssdk/services/ssm/SsmClient");
            }
        };
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", Servers.settings(Servers.first()));
        try (RegistryDataSource dataSource =
                Sources.on(registry, "unusable").secrets(broken).build()) {
            registry.put("orders", second().withCredentials("app", SecretRef.parse("ssm:/orders/password")));
            awaitStatus(dataSource, status -> status.state() == InstanceState.REJECTED);
            assertThat(dataSource.status().problem())
                    .hasValueSatisfying(text -> assertThat(text).contains("NoClassDefFoundError"));
        }
    }

    @Test
    void aBlackHoleDoesNotHoldUpNewerSettings() throws Exception {
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", Servers.settings(Servers.first()));
        try (TcpGate gate = TcpGate.to("127.0.0.1", Servers.second().port());
                RegistryDataSource dataSource = Sources.on(registry, "unusable").build()) {
            gate.hang();
            registry.put("orders", Servers.settings(new Endpoint(gate.host(), gate.port(), "orders")));
            await().until(() -> gate.connections() > 0);
            long start = System.nanoTime();
            registry.put("orders", second());
            awaitVersion(dataSource, 3);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            assertThat(dataSource.status().lastProblem()).isEmpty();
            gate.cut();
        }
    }

    @Test
    void aBlackHoleAtTheStartIsNamedInBoundedTime() {
        InMemoryRegistry registry = new InMemoryRegistry();
        try (TcpGate gate = TcpGate.to("127.0.0.1", Servers.second().port())) {
            gate.hang();
            registry.put(
                    "orders",
                    Servers.settings(new Endpoint(gate.host(), gate.port(), "orders"))
                            .withProperties(Map.of("socketTimeout", "1")));
            long start = System.nanoTime();
            assertThatThrownBy(() -> Sources.on(registry, "unusable").build())
                    .isInstanceOf(StartException.class)
                    .hasMessageContainingAll("version 1", "127.0.0.1:" + gate.port(), "Read timed out");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
        }
    }
}
