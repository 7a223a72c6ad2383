package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.internal.pool.Connector.Ended;
import dev.connectionregistry.secrets.SecretResolvers;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Servers;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class ServerSideEndTest {
    private static final String APPLICATION = "end-test";

    @Test
    void endsSessionsOnAServerThatHasBecomeReadOnly() throws SQLException {
        ConnectionSettings settings = Servers.settings(Servers.first());
        PostgresConnector connector =
                new PostgresConnector(new SecretResolvers(List.of(Servers.secrets())), APPLICATION);
        Connection idleInTransaction = connector.open(settings);
        try (Statement statement = idleInTransaction.createStatement()) {
            idleInTransaction.setAutoCommit(false);
            statement.execute("SELECT 1");
            Servers.first().execute("orders", "ALTER ROLE app SET default_transaction_read_only = on");

            assertThat(connector.end(settings, List.of(idleInTransaction))).isEqualTo(new Ended(0, 1, 0));
            await().until(() -> Servers.sessions(Servers.first(), APPLICATION) == 0);
        } finally {
            Servers.first().execute("orders", "ALTER ROLE app RESET default_transaction_read_only");
            PostgresConnector.closeQuietly(idleInTransaction);
        }
    }

    @Test
    void leavesSessionsOfOthersAloneThatHaveTheSameNumberOnAnotherServer() throws SQLException {
        ConnectionSettings settings = Servers.settings(Servers.first());
        SecretResolvers secrets = new SecretResolvers(List.of(Servers.secrets()));
        try (Connection others = new PostgresConnector(secrets, "somebody-else").open(settings)) {
            assertThat(new PostgresConnector(secrets, APPLICATION).end(settings, List.of(others)))
                    .isEqualTo(new Ended(0, 0, 1));
            assertThat(others.isValid(5)).isTrue();
        }
    }

    @Test
    void takesBoundedTimeForManyConnectionsToAServerThatDoesNotAnswer() {
        AtomicInteger cancelled = new AtomicInteger();
        List<Connection> connections = IntStream.range(1, 50)
                .mapToObj(backend -> connection(backend, cancelled))
                .toList();
        long start = System.nanoTime();
        Ended ended = new ServerSideEnd(new DeadServer(), Servers.settings(new Endpoint("dead", 5432, "orders")))
                .end(connections);
        assertThat(ended).isEqualTo(new Ended(0, 0, connections.size()));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(cancelled).hasValueBetween(1, 10);
    }

    private static Connection connection(int backend, AtomicInteger cancelled) {
        PGConnection postgres = (PGConnection) Proxy.newProxyInstance(
                ServerSideEndTest.class.getClassLoader(),
                new Class<?>[] {PGConnection.class},
                (proxy, method, given) -> {
                    if (method.getName().equals("cancelQuery")) {
                        cancelled.incrementAndGet();
                        Thread.sleep(1000); // what the driver waits for a server that is silent
                    }
                    return method.getName().equals("getBackendPID") ? (Object) backend : null;
                });
        return (Connection) Proxy.newProxyInstance(
                ServerSideEndTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, given) -> switch (method.getName()) {
                    case "unwrap" -> postgres;
                    case "isClosed" -> false;
                    default -> null;
                });
    }

    private static final class DeadServer implements Connector {
        @Override
        public Connection open(ConnectionSettings settings) throws SQLException {
            throw new SQLException("no answer", "08001");
        }

        @Override
        public Ended end(ConnectionSettings settings, Collection<Connection> connections) {
            return Ended.NONE;
        }
    }
}
