package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A data source for migrations: it logs in as a role of its own, follows like every other one, and waits for the end of a cutover. */
@Timeout(120)
class CredentialsTest {
    private static final String OWNER_PASSWORD = "for-the-owner-only";
    private static final SecretRef OWNER = SecretRef.parse("x-owner:orders");
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final Change CHANGE = new Change("test", Instant.EPOCH, "");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final InMemoryRegistry registry = new InMemoryRegistry();

    @BeforeAll
    static void anotherRoleOnBothServers() throws SQLException {
        for (LocalPostgres server : List.of(Servers.first(), Servers.second())) {
            server.execute("postgres", "DROP ROLE IF EXISTS migrations_owner"); // when this test runs again
            server.createLogin("migrations_owner", OWNER_PASSWORD);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    private static final class OwnersPassword implements SecretResolver {
        @Override
        public String scheme() {
            return "x-owner";
        }

        @Override
        public Secret resolve(SecretRequest request) {
            return new Secret(OWNER_PASSWORD);
        }
    }

    private RegistryDataSourceBuilder owner() {
        return Sources.on(registry, "owner").secrets(new OwnersPassword()).credentials("migrations_owner", OWNER);
    }

    private static String one(RegistryDataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private VersionedSettings current() {
        return registry.read(ORDERS).current().orElseThrow();
    }

    @Test
    void logsInAsTheRoleOnEveryServerAndTakesPartInACutover() throws Exception {
        ConnectionSettings first = Servers.settings(Servers.first());
        ConnectionSettings second = Servers.settings(Servers.second());
        registry.put("orders", first);
        try (RegistryDataSource dataSource = owner().build()) {
            assertThat(one(dataSource, "SELECT session_user")).isEqualTo("migrations_owner");
            Transition prepare = new Transition("c-1", Transition.Phase.PREPARE, second, LONG);
            registry.write(current().nextIn(prepare, CHANGE));
            awaitStatus(dataSource, status -> status.state() == InstanceState.READY);
            Connection inUse = dataSource.getConnection();
            registry.write(current().nextIn(prepare.in(Transition.Phase.HOLD), CHANGE));
            awaitStatus(dataSource, status -> status.state() == InstanceState.HOLDING);
            inUse.close();
            awaitStatus(dataSource, status -> status.state() == InstanceState.HELD);
            assertThat(registry.fleet(ORDERS)).singleElement().satisfies(report -> assertThat(report.instance())
                    .isEqualTo("owner"));
            registry.write(current().next(second, CHANGE));
            awaitStatus(dataSource, status -> status.state() == InstanceState.ACTIVE && status.version() == 4);
            assertThat(one(dataSource, "SELECT session_user || current_setting('server_version_num')::int / 10000"))
                    .isEqualTo("migrations_owner18");
        }
    }

    @Test
    void aSnapshotThatItSharesHasTheSettingsOfTheRegistry(@TempDir Path folder) throws Exception {
        Path snapshot = folder.resolve("orders.json");
        registry.put("orders", Servers.settings(Servers.first()));
        try (RegistryDataSource dataSource = owner().snapshot(snapshot).build()) {
            assertThat(dataSource.status().isServing()).isTrue();
            await().until(() -> Files.exists(snapshot));
        }
        assertThat(Files.readString(snapshot)).contains("\"app\"").doesNotContain("migrations_owner");
        registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "away", null));
        try (RegistryDataSource dataSource = owner().snapshot(snapshot).build()) {
            assertThat(one(dataSource, "SELECT session_user")).isEqualTo("migrations_owner");
            dataSource.awaitNoCutover(LONG); // nothing is known of one
        }
    }

    @Test
    void itsReferenceIsAllowedAndTheSettingsOwnIsNotLookedUp() throws Exception {
        registry.put(
                "orders", Servers.settings(Servers.first()).withCredentials("app", SecretRef.parse("env:NOT_THERE")));
        try (RegistryDataSource dataSource =
                owner().allowSecrets("env:ORDERS_*").build()) {
            assertThat(one(dataSource, "SELECT session_user")).isEqualTo("migrations_owner");
        }
    }

    @Test
    void aRoleThatCannotBeOneIsNamed() {
        registry.put("orders", Servers.settings(Servers.first()));
        assertThatThrownBy(() -> owner().credentials(" ", OWNER).build())
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("username ' ' is not allowed");
    }

    @Test
    void waitsForTheEndOfACutoverOrNamesItAndTheNextStep() throws Exception {
        ConnectionSettings first = Servers.settings(Servers.first());
        registry.put("orders", first);
        try (RegistryDataSource dataSource = owner().build()) {
            dataSource.awaitNoCutover(Duration.ZERO);
            registry.write(current().nextIn(new Transition("c-7", Transition.Phase.PREPARE, first, LONG), CHANGE));
            assertThat(catchThrowable(() -> dataSource.awaitNoCutover(Duration.ZERO)))
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("orders: cutover c-7 to " + first.endpoint() + " (phase prepare, version 2)")
                    .hasMessageContaining("registry-admin cutover status orders");
            CompletableFuture<Void> migration =
                    Background.run(() -> assertThat(catchThrowable(() -> dataSource.awaitNoCutover(LONG)))
                            .isNull());
            registry.write(current().next(first, CHANGE));
            assertThat(migration).succeedsWithin(LONG);
        }
    }

    @Test
    void aFencedServerIsNamedWithWhatMayHaveFencedIt() throws Exception {
        Servers.first().execute("postgres", "DROP DATABASE IF EXISTS fenced_for_migrations");
        Servers.first().createDatabase("fenced_for_migrations");
        Servers.first()
                .execute("postgres", "ALTER DATABASE fenced_for_migrations SET default_transaction_read_only = on");
        registry.put(
                "orders",
                Servers.settings(Servers.first())
                        .withEndpoint(new Endpoint("127.0.0.1", Servers.first().port(), "fenced_for_migrations")));
        assertThatThrownBy(() -> owner().build())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("is read-only; the settings want a primary")
                .hasMessageContaining("registry-admin cutover status");
    }
}
