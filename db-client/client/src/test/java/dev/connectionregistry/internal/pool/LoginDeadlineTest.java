package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.core.internal.bounds.BoundsOwner;
import dev.connectionregistry.core.internal.bounds.LoginGuard;
import dev.connectionregistry.core.internal.bounds.SettingsBounds;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.local.DrippingServer;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A login as a whole is bounded, whatever the server does. */
@Timeout(120)
class LoginDeadlineTest {
    private final PostgresConnector connector = new PostgresConnector(
            new SecretResolvers(List.of(Servers.secrets())),
            "deadline",
            new LoginGuard(SettingsBounds.DEFAULT, BoundsOwner.SERVICE));

    private static ConnectionSettings patient(ConnectionSettings settings, int seconds) {
        return settings.withProperties(Map.of("socketTimeout", String.valueOf(seconds)));
    }

    private static ConnectionSettings at(DrippingServer server) {
        return Servers.settings(new Endpoint("127.0.0.1", server.port(), "orders"));
    }

    @ParameterizedTest
    @EnumSource(DrippingServer.From.class)
    void aServerThatKeepsSendingNoticesIsGivenUp(DrippingServer.From from) throws Exception {
        try (DrippingServer server = DrippingServer.start(from, 10)) {
            long begun = System.nanoTime();
            assertThatThrownBy(() -> connector.open(patient(at(server), 1)))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("the login did not finish within 7 s");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofSeconds(7), Duration.ofSeconds(20));
            await().atMost(Duration.ofSeconds(10)).until(() -> server.waiting() == 0);
        }
    }

    @Test
    void aChannelForSignalsIsGivenUpToo() throws Exception {
        try (DrippingServer server = DrippingServer.start(DrippingServer.From.LOGIN, 10)) {
            assertThatThrownBy(() -> NotificationChannel.open(connector, at(server), "phases"))
                    .hasMessageContaining("the login did not finish within 15 s");
        }
    }

    @Test
    void aServerThatSendsMoreThanALoginTakesIsGivenUpAtOnce() throws Exception {
        try (DrippingServer server = DrippingServer.start(DrippingServer.From.LOGIN, 700_000)) {
            assertThatThrownBy(() -> connector.open(patient(at(server), 10)))
                    .hasMessageContaining("the server sent more than 1024 KiB during the login");
        }
    }

    @Test
    void afterTheLoginAStatementMayTakeLongerThanTheLoginMight() throws Exception {
        ConnectionSettings settings = Servers.settings(Servers.first());
        try (Connection connection = connector.open(patient(settings, 1))) {
            assertThat(connection.getNetworkTimeout()).isEqualTo(1_000);
            assertThatThrownBy(() -> sleep(connection, 3)).isInstanceOf(SQLException.class);
        }
        try (Connection connection = connector.open(settings)) {
            assertThat(connection.getNetworkTimeout()).isZero();
            sleep(connection, 22); // the login might have taken 20 s
        }
    }

    private static void sleep(Connection connection, int seconds) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_sleep(" + seconds + ")");
        }
    }
}
