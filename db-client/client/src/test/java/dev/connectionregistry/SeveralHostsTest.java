package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.core.internal.bounds.BoundsOwner;
import dev.connectionregistry.core.internal.bounds.LoginGuard;
import dev.connectionregistry.core.internal.bounds.SettingsBounds;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.internal.pool.Connector.Ended;
import dev.connectionregistry.internal.pool.NotificationChannel;
import dev.connectionregistry.internal.pool.PostgresConnector;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Endpoint.Host;
import dev.connectionregistry.settings.ServerRole;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary and its streaming standby, which is promoted. */
class SeveralHostsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PostgresConnector connector = connector(SettingsBounds.DEFAULT);
    private LocalPostgres primary;
    private LocalPostgres standby;

    @BeforeEach
    void start() throws SQLException {
        primary = LocalPostgres.start(17);
        Servers.prepare(primary);
        standby = primary.startStandby();
        standby.awaitReplayOf(primary, PATIENCE);
    }

    @AfterEach
    void stop() {
        standby.close();
        primary.close();
        Leftovers.awaitNoThreads();
    }

    private static PostgresConnector connector(SettingsBounds bounds) {
        return new PostgresConnector(
                new SecretResolvers(List.of(Servers.secrets())), "hosts", new LoginGuard(bounds, BoundsOwner.SERVICE));
    }

    private static ConnectionSettings on(ServerRole role, LocalPostgres... servers) {
        List<Host> hosts = Arrays.stream(servers)
                .map(server -> new Host(server.host(), server.port()))
                .toList();
        return Servers.settings(new Endpoint(hosts, "orders")).withRole(role);
    }

    private int port(ConnectionSettings settings) throws SQLException {
        try (Connection connection = connector.open(settings)) {
            return portOf(connection);
        }
    }

    private static int portOf(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT inet_server_port()")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void eachRoleFindsItsServerInWhicheverOrder() throws SQLException {
        assertThat(port(on(ServerRole.PRIMARY, primary, standby))).isEqualTo(primary.port());
        assertThat(port(on(ServerRole.PRIMARY, standby, primary))).isEqualTo(primary.port());
        assertThat(port(on(ServerRole.ANY, standby, primary))).isEqualTo(standby.port());
        assertThat(port(on(ServerRole.ANY, primary, standby))).isEqualTo(primary.port());
        assertThat(port(on(ServerRole.PREFER_STANDBY, primary, standby))).isEqualTo(standby.port());
        standby.kill();
        assertThat(port(on(ServerRole.PREFER_STANDBY, primary, standby))).isEqualTo(primary.port());
        assertThat(port(on(ServerRole.ANY, standby, primary))).isEqualTo(primary.port());
    }

    @Test
    void withoutAPrimaryEveryHostSaysWhyItIsNone() {
        primary.kill();
        assertThatThrownBy(() -> connector.open(on(ServerRole.PRIMARY, primary, standby)))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"))
                .hasMessageContainingAll(
                        "no host of 127.0.0.1:" + primary.port() + ",127.0.0.1:" + standby.port() + "/orders",
                        "can't connect to 127.0.0.1:" + primary.port(),
                        "127.0.0.1:" + standby.port() + "/orders is in recovery (a standby)");
    }

    @Test
    void servicesFindThePromotedStandbyWithoutAChangeInTheRegistry() throws Exception {
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", on(ServerRole.PRIMARY, primary, standby));
        try (RegistryDataSource dataSource = Sources.on(registry, "failover").build()) {
            write(dataSource, "before");
            standby.awaitReplayOf(primary, PATIENCE);
            primary.kill();
            standby.promote();
            await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> write(dataSource, "after"));
            assertThat(dataSource.status().version()).isEqualTo(1);
            try (Connection connection = dataSource.getConnection()) {
                assertThat(portOf(connection)).isEqualTo(standby.port());
            }
        }
        try (Connection connection = standby.connect("orders");
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT string_agg(id, ',' ORDER BY id DESC) FROM writes")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("before,after");
        }
    }

    private static void write(RegistryDataSource dataSource, String id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO writes (id) VALUES ('" + id + "')");
        }
    }

    @Test
    void aHostThatIsNotAllowedRefusesAllBeforeAnyIsContacted() throws Exception {
        try (ServerSocket notAllowed = new ServerSocket(0)) {
            notAllowed.setSoTimeout(1);
            Endpoint endpoint = new Endpoint(
                    List.of(new Host("127.0.0.1", primary.port()), new Host("127.0.0.1", notAllowed.getLocalPort())),
                    "orders");
            SettingsBounds bounds = SettingsBounds.DEFAULT.withEndpoints(List.of("127.0.0.1:" + primary.port()));
            assertThatThrownBy(() -> connector(bounds).open(Servers.settings(endpoint)))
                    .hasMessageContaining(
                            "endpoint 127.0.0.1:" + notAllowed.getLocalPort() + "/orders is not one of those allowed");
            assertThatThrownBy(notAllowed::accept).isInstanceOf(java.net.SocketTimeoutException.class);
            assertThat(Servers.sessions(primary, "hosts")).isZero();
        }
    }

    @Test
    void sessionsAreEndedOnTheServerThatTheyAreOn() throws SQLException {
        ConnectionSettings any = on(ServerRole.ANY, primary, standby);
        try (Connection first = connector.open(any);
                Connection second = connector.open(on(ServerRole.ANY, standby, primary))) {
            assertThat(portOf(first)).isEqualTo(primary.port());
            assertThat(portOf(second)).isEqualTo(standby.port());
            assertThat(connector.end(any, List.of(first, second))).isEqualTo(new Ended(0, 2, 0));
            assertThat(Servers.sessions(primary, "hosts") + Servers.sessions(standby, "hosts"))
                    .isZero();
        }
    }

    @Test
    void signalsAreHeardFromThePrimary() throws Exception {
        for (ServerRole role : ServerRole.values()) {
            NotificationChannel channel =
                    Objects.requireNonNull(NotificationChannel.open(connector, on(role, standby, primary), "phases"));
            try {
                channel.listen();
                primary.execute("orders", "NOTIFY phases, 'now'");
                await().atMost(PATIENCE)
                        .until(() -> !channel.await(Duration.ofMillis(50)).isEmpty());
            } finally {
                channel.abort();
            }
        }
    }
}
