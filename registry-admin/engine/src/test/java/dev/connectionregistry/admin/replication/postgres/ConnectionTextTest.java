package dev.connectionregistry.admin.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Endpoint.Host;
import dev.connectionregistry.settings.SecretRef;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTextTest {
    private static String text(Endpoint endpoint, int major, String password, Map<String, String> options)
            throws Exception {
        ServerLogin login = new ServerLogin(endpoint, "postgres", SecretRef.parse("env:UNUSED"), Map.of());
        return new ConnectionText(any -> new Login(endpoint, "postgres", () -> new Secret(password), Map.of()), major)
                .of(new SubscriberLogin(login, options));
    }

    @Test
    void oneHostIsWrittenAsBefore() throws Exception {
        assertThat(text(Endpoint.parse("[fd00::1]:5432/orders"), 17, "it's", Map.of()))
                .isEqualTo("host='fd00::1' port='5432' dbname='orders' user='postgres' password='it\\'s'"
                        + " connect_timeout='10'");
    }

    @Test
    void whatTheOperatorSaysOfTheServerCountsMore() throws Exception {
        assertThat(text(
                        Endpoint.parse("db1:5432,[fd00::1]:5433/orders"),
                        17,
                        "secret",
                        Map.of("target_session_attrs", "any")))
                .startsWith("host='db1,fd00::1' port='5432,5433' target_session_attrs='any'");
    }

    /** 13 knows no other way to ask than whether the server takes writes. */
    @ParameterizedTest
    @ValueSource(ints = {13, 17})
    void ofSeveralHostsASubscriptionFindsThePrimaryAndFromFourteenOnAlsoBehindAFence(int major) throws Exception {
        LocalPostgres subscriber = TestDatabase.server(major);
        String name = TestDatabase.plainName();
        try (LocalPostgres primary = LocalPostgres.start(17);
                LocalPostgres standby = primary.startStandby()) {
            subscriber.createDatabase(name);
            primary.createDatabase(name)
                    .execute(name, "CREATE TABLE t (x int)", "CREATE PUBLICATION " + name + " FOR ALL TABLES");
            subscriber.execute(name, "CREATE TABLE t (x int)");
            if (major >= 14) {
                primary.execute(name, "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
            }
            standby.awaitReplayOf(primary, Duration.ofSeconds(30));
            Endpoint endpoint = new Endpoint(
                    List.of(new Host(standby.host(), standby.port()), new Host(primary.host(), primary.port())), name);
            String connectionText = text(endpoint, major, primary.password(), Map.of());
            subscriber.execute(name, """
                    CREATE SUBSCRIPTION %1$s
                    CONNECTION '%2$s'
                    PUBLICATION %1$s
                    """.formatted(name, connectionText.replace("'", "''")));
            try (Connection connection = primary.connect(name)) {
                assertThat(TestDatabase.query(connection, "SELECT slot_name FROM pg_replication_slots"))
                        .contains(name);
            }
            subscriber.execute(name, "DROP SUBSCRIPTION " + name);
        }
    }
}
