package dev.connectionregistry.admin.cutover.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.settings.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

class SignalsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** What an instance has: it listens for phases and notifies of reports. */
    private static Connection instance(TestDatabase database, String runId) throws SQLException {
        Connection connection = database.connect(database.service);
        connection.createStatement().execute("LISTEN \"connection_registry_" + runId + "\"");
        return connection;
    }

    private static void reports(Connection instance, String runId) throws SQLException {
        instance.createStatement().execute("NOTIFY \"connection_registry_" + runId + "_reports\"");
    }

    private static boolean hears(Connection instance, Duration atMost) throws SQLException {
        return instance.unwrap(PGConnection.class).getNotifications((int) atMost.toMillis()).length > 0;
    }

    @Test
    void wakeTheCoordinatorAtOnceAndOnlyThatOfTheirRun() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (CoordinatorSignals signals = PostgresServers.signals(database.login(database.admin), "run-1");
                CoordinatorSignals stranger = PostgresServers.signals(database.login(database.admin), "run-2");
                Connection instance = instance(database, "run-1")) {
            assertThat(signals.await(1, LONG)).isTrue();
            assertThat(stranger.await(1, LONG)).isTrue();
            long[] micros = new long[50];
            for (int i = 0; i < micros.length; i++) {
                long start = System.nanoTime();
                reports(instance, "run-1");
                assertThat(signals.await(1, LONG)).isTrue();
                micros[i] = (System.nanoTime() - start) / 1_000;
            }
            Arrays.sort(micros);
            System.out.println("signal, us: median " + micros[25] + ", worst " + micros[49]);
            signals.send(); // for the instances: no news for the coordinator
            assertThat(hears(instance, LONG)).isTrue();
            assertThat(signals.await(1, Duration.ofMillis(20))).isFalse();
            assertThat(stranger.await(1, Duration.ofMillis(20))).isFalse();
        }
    }

    @Test
    void wakeTheCoordinatorOnlyOnceAsManyCameAsItWaitsFor() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (CoordinatorSignals signals = PostgresServers.signals(database.login(database.admin), "run-5");
                Connection instance = instance(database, "run-5")) {
            assertThat(signals.await(1, LONG)).isTrue();
            reports(instance, "run-5");
            assertThat(signals.await(2, Duration.ofMillis(200))).isFalse();
            reports(instance, "run-5");
            reports(instance, "run-5");
            assertThat(signals.await(2, LONG)).isTrue();
        }
    }

    @Test
    void goOverTheChannelOfTheRun() throws Exception {
        TestDatabase database = TestDatabase.on(18);
        try (CoordinatorSignals signals = PostgresServers.signals(database.login(database.admin), "20-Ab");
                Connection other = database.connect(database.service)) {
            assertThat(signals.await(1, LONG)).isTrue();
            other.createStatement().execute("LISTEN \"connection_registry_20-Ab\"");
            signals.send();
            PGNotification[] heard = other.unwrap(PGConnection.class).getNotifications(20_000);
            assertThat(heard).hasSize(1);
            other.createStatement().execute("NOTIFY \"connection_registry_20-Ab_reports\", 'forged'");
            assertThat(signals.await(1, LONG)).isTrue();
        }
    }

    @Test
    @SuppressWarnings("try") // closing is what is tested
    void outliveAServerThatIsGoneForAWhileAndBlockNobody() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        Login direct = database.login(database.admin);
        try (TcpGate gate = TcpGate.to(database.server.host(), database.server.port())) {
            Endpoint endpoint = new Endpoint(gate.host(), gate.port(), database.name);
            Login login = new Login(endpoint, direct.username(), direct.password(), direct.properties());
            try (CoordinatorSignals signals = PostgresServers.signals(login, "run-3");
                    Connection instance = instance(database, "run-3")) {
                assertThat(signals.await(1, LONG)).isTrue();
                gate.cut();
                long start = System.nanoTime();
                signals.send();
                assertThat(signals.await(1, Duration.ofMillis(10))).isFalse();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
                gate.heal();
                await().atMost(LONG).until(() -> {
                    signals.send();
                    return hears(instance, Duration.ofMillis(50));
                });
                await().atMost(LONG).until(() -> {
                    reports(instance, "run-3");
                    return signals.await(1, Duration.ofMillis(50));
                });
                gate.hang();
                start = System.nanoTime();
                signals.send();
                signals.close();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2_500));
            }
        }
        await().atMost(LONG).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("registry-admin-signals")));
    }
}
