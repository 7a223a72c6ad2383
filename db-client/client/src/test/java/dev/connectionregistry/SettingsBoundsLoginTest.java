package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.core.internal.secrets.EnvironmentSecrets;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Tls;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.testing.Certificates;
import dev.connectionregistry.testing.GreedyServer;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What whoever writes the table gets of a service: a server that collects passwords, and a real one that asks for them. */
class SettingsBoundsLoginTest {
    private static final String AWS_KEY = "wJalrXUtnFEMI-the-key";
    private static LocalPostgres asking;
    private static Path root;

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private GreedyServer greedy;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        Certificates authority = new Certificates(folder.resolve("ours"));
        root = authority.root();
        Certificates.Server identity = authority.server("asking", "ip:127.0.0.1");
        Path rules = Files.writeString(
                folder.resolve("pg_hba.conf"),
                "host all app 127.0.0.1/32 password\nhost all all 127.0.0.1/32 scram-sha-256\nlocal all all trust\n");
        asking = LocalPostgres.builder(17)
                .setting("ssl", "on")
                .setting("ssl_cert_file", identity.certificate().toString())
                .setting("ssl_key_file", identity.key().toString())
                .setting("hba_file", rules.toString())
                .start();
        Servers.prepare(asking);
    }

    @AfterAll
    static void stopServer() {
        asking.close();
    }

    @BeforeEach
    void startGreedyServer() throws Exception {
        greedy = GreedyServer.start();
    }

    @AfterEach
    void nothingIsLeft() {
        greedy.close();
        Leftovers.awaitNoThreads();
    }

    private ConnectionSettings atGreedy(String reference) {
        return Servers.settings(greedy.endpoint()).withCredentials("app", SecretRef.parse(reference));
    }

    private static ConnectionSettings verified() {
        return Servers.settings(asking)
                .withProperties(Map.of("sslmode", "verify-full", "sslrootcert", root.toString()));
    }

    private RegistryDataSourceBuilder on(ConnectionSettings settings) {
        registry.put("orders", settings);
        return Sources.on(registry, "bounded")
                .secrets(new EnvironmentSecrets(
                        Map.of("AWS_SECRET_ACCESS_KEY", AWS_KEY, "APP_PASSWORD", Servers.PASSWORD)));
    }

    private void assertNothingArrived() {
        assertThat(greedy.arrived()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"env:AWS_SECRET_ACCESS_KEY", "file:/proc/self/environ", "file:/root/.aws/credentials"})
    void secretsThatAreNoPasswordsAreNotEvenLookedUp(String reference) {
        assertThatThrownBy(() -> on(atGreedy(reference)).build())
                .isInstanceOf(StartException.class)
                .hasMessageContaining(reference);
        assertThat(greedy.asked()).isZero();
        assertNothingArrived();
    }

    @Test
    void aPasswordIsNotSentToAServerThatAsksForItInClearText() {
        assertThatThrownBy(() -> on(atGreedy("env:APP_PASSWORD")).build())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("clear text")
                .hasMessageContaining("allowEndpoints(...) or REGISTRY_ALLOW_ENDPOINTS")
                .hasMessageContaining("allowCleartextPasswords() or REGISTRY_ALLOW_CLEARTEXT_PASSWORDS");
        assertThat(greedy.asked()).isPositive();
        assertNothingArrived();
    }

    @Test
    void aMoveBeyondTheBoundsIsRejectedWithoutAskingAnybodyAndIsTakenBackInStride() throws Exception {
        String here = "127.0.0.1:" + Servers.first().port();
        try (RegistryDataSource dataSource =
                on(Servers.settings(Servers.first())).allowEndpoints(here).build()) {
            registry.put("orders", atGreedy("env:APP_PASSWORD"));
            Sources.awaitStatus(dataSource, status -> status.state() == InstanceState.REJECTED);
            assertThat(dataSource.status().problem()).hasValueSatisfying(problem -> assertThat(problem)
                    .contains("endpoint " + greedy.endpoint(), "[" + here + "]")
                    .contains("allowEndpoints(\"127.0.0.1:" + greedy.endpoint().port() + "\")"));
            try (Connection connection = dataSource.getConnection()) {
                assertThat(Servers.major(connection)).isEqualTo(17);
            }
            registry.put("orders", Servers.settings(Servers.first()));
            Sources.awaitStatus(dataSource, status -> status.state() == InstanceState.ACTIVE && status.version() == 3);
        }
        assertThat(greedy.asked()).isZero();
    }

    @Test
    void aCutoversTargetIsBoundedLikeTheRest() {
        String here = "127.0.0.1:" + Servers.first().port();
        try (RegistryDataSource dataSource =
                on(Servers.settings(Servers.first())).allowEndpoints(here).build()) {
            Transition toGreedy = new Transition(
                    "c-1", Transition.Phase.PREPARE, atGreedy("env:APP_PASSWORD"), Duration.ofSeconds(5));
            VersionedSettings current =
                    registry.version(new DatabaseName("orders"), 1).orElseThrow();
            registry.write(current.nextIn(toGreedy, new Change("attacker", Instant.EPOCH, "")), 1);
            Sources.awaitStatus(dataSource, status -> status.state() == InstanceState.REJECTED);
            assertThat(dataSource.status().problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains("allowEndpoints("));
        }
        assertThat(greedy.asked()).isZero(); // nor did the connection for signals
    }

    @Test
    void aServerWithACertificateIsNotEnoughIfOnlyTheSettingsNameIt() {
        assertThatThrownBy(() -> on(verified()).build())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("clear text");
    }

    @Test
    void aServerThatHasProvenToBeOneOfThoseListedGetsThePassword() throws Exception {
        try (RegistryDataSource dataSource = on(verified())
                        .allowEndpoints("127.0.0.1:" + asking.port() + "/orders")
                        .requireTls(Tls.VERIFY_FULL)
                        .build();
                Connection connection = dataSource.getConnection()) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void aServiceThatSaysSoSendsItToAnybody() throws Exception {
        try (RegistryDataSource dataSource =
                        on(Servers.settings(asking)).allowCleartextPasswords().build();
                Connection connection = dataSource.getConnection()) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void tlsThatTheOwnerRequiresIsNotUpToTheSettings() {
        assertThatThrownBy(() -> on(Servers.settings(Servers.first()))
                        .requireTls(Tls.VERIFY_FULL)
                        .build())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("'prefer'")
                .hasMessageContaining("required is verify-full by requireTls(...) or REGISTRY_REQUIRE_TLS");
    }

    @Test
    void aFallbackBeyondTheBoundsAndWrongStatementsAreNamedBeforeAnythingIsContacted() {
        assertThatThrownBy(() -> on(Servers.settings(Servers.first()))
                        .allowEndpoints("*.internal:5432")
                        .allowSecrets()
                        .requireTls(Tls.PREFER)
                        .fallback(atGreedy("env:APP_PASSWORD"))
                        .build())
                .isInstanceOfSatisfying(InvalidSettingsException.class, e -> assertThat(e.problems())
                        .anyMatch(problem -> problem.startsWith("fallback: endpoint " + greedy.endpoint()))
                        .anyMatch(problem -> problem.contains("allowSecrets names nothing"))
                        .anyMatch(problem -> problem.contains("'prefer' requires nothing")));
    }

    @Test
    void aPipeForACertificateHoldsNobodyUp(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (RegistryDataSource dataSource =
                on(Servers.settings(Servers.first())).build()) {
            registry.put(
                    "orders",
                    Servers.settings(asking)
                            .withProperties(Map.of("sslmode", "verify-full", "sslrootcert", pipe.toString())));
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                            dataSource.status().problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains(pipe + "'", "is not a regular file")));
        }
    }

    @Test
    void anUnknownDriverPropertyIsRejectedAndTheServiceLivesOn() throws Exception {
        try (RegistryDataSource dataSource =
                on(Servers.settings(Servers.first())).build()) {
            registry.put("orders", Servers.settings(Servers.first()).withProperties(Map.of("sslmod", "verify-full")));
            Sources.awaitStatus(dataSource, status -> status.state() == InstanceState.REJECTED);
            assertThat(dataSource.status().problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains("did you mean 'sslmode'?"));
            try (Connection connection = dataSource.getConnection()) {
                assertThat(connection.isValid(5)).isTrue();
            }
        }
    }
}
