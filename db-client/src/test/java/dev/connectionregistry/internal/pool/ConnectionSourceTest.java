package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionSourceTest {
    private final StubConnector stub = new StubConnector();
    private final CountDownLatch opening = new CountDownLatch(1);
    private final CountDownLatch mayOpen = new CountDownLatch(1);
    private final ExecutorService adder = Executors.newSingleThreadExecutor();
    private final ConnectionSource source = new ConnectionSource(
            new SlowConnector(), Servers.settings(new Endpoint("old", 5432, "orders")), sign -> {});

    @AfterEach
    void endTheAdder() {
        adder.shutdownNow();
    }

    @Test
    void leavesNothingOpenOfAConnectionThatIsThereOnlyAfterItsPoolWasClosed() throws Exception {
        Future<Connection> late = adder.submit(() -> source.getConnection());
        assertThat(opening.await(10, TimeUnit.SECONDS)).isTrue();
        source.close();
        mayOpen.countDown();

        assertThatThrownBy(() -> late.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("the pool is no longer wanted");
        assertThat(stub.openConnections()).isZero();
        assertThat(source.openConnections()).isEmpty();
    }

    private final class SlowConnector implements Connector {
        @Override
        public Connection open(ConnectionSettings settings) throws SQLException {
            opening.countDown();
            try {
                mayOpen.await();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
            return stub.open(settings);
        }

        @Override
        public Ended end(ConnectionSettings settings, Collection<Connection> connections) {
            return Ended.NONE;
        }
    }
}
