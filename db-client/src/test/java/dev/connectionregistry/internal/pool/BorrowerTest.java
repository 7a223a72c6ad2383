package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The races of a swap, each held open by a gate. */
class BorrowerTest extends StubPools {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    BorrowerTest() {
        super("state ACTIVE, version 7");
    }

    private static String host(Connection connection) throws SQLException {
        return connection.getCatalog();
    }

    @Test
    void servesACallerWhoWaitsInsideTheExhaustedOldPoolFromTheNewOne() throws Exception {
        borrower.publish(open("old", 1, TIMEOUT));
        Connection stuck = borrower.borrow();
        Future<Connection> waiting = callers.submit(borrower::borrow);
        await().until(() -> generations.get(0).figures().waiting() == 1);

        borrower.publish(open("new", 1, TIMEOUT));
        try (Connection served = waiting.get(2, TimeUnit.SECONDS)) {
            assertThat(host(served)).isEqualTo("new");
        }
        stuck.close();
    }

    @Test
    void givesBackWhatItGotFromAPoolThatWasReplacedMeanwhile() throws Exception {
        PoolGeneration old = open("old", 1, TIMEOUT);
        borrower.publish(old);
        Connection inUse = borrower.borrow();
        Future<Connection> waiting = callers.submit(borrower::borrow);
        await().until(() -> old.figures().waiting() == 1);

        borrower.publish(open("new", 1, TIMEOUT));
        inUse.close(); // handed straight to the waiting caller, who must not keep it
        try (Connection served = waiting.get(2, TimeUnit.SECONDS)) {
            assertThat(host(served)).isEqualTo("new");
        }
        await().until(() -> old.figures().active() == 0);
    }

    @Test
    void anExchangedPoolThatIsClosedAtOnceCostsAWaitingCallerASliceAndNoError() throws Exception {
        PoolGeneration old = open("old", 1, TIMEOUT);
        borrower.publish(old);
        Connection inUse = borrower.borrow();
        Future<Connection> waiting = callers.submit(borrower::borrow);
        await().until(() -> old.figures().waiting() == 1);

        borrower.publish(open("new", 1, TIMEOUT));
        old.close();
        try (Connection served = waiting.get(2, TimeUnit.SECONDS)) {
            assertThat(host(served)).isEqualTo("new");
        }
        inUse.close();
    }

    @Test
    void tellsWhatItWaitedForWhenTheTimeoutPasses() throws Exception {
        borrower.publish(open("old", 1, Duration.ofMillis(300)));
        try (Connection only = borrower.borrow()) {
            long before = System.nanoTime();
            assertThatThrownBy(borrower::borrow)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("orders: no connection within 300 ms")
                    .hasMessageContaining("state ACTIVE, version 7")
                    .hasMessageContaining("active=1");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(250));
            assertThat(host(only)).isEqualTo("old");
        }
    }

    @Test
    void namesTheFailureToConnectBehindATimeout() throws Exception {
        borrower.publish(open("old", 2, Duration.ofMillis(300)));
        connector.refuse("old", new SQLException("connection refused", "08001"));
        try (Connection only = borrower.borrow()) {
            assertThat(only.isClosed()).isFalse();
            assertThatThrownBy(borrower::borrow)
                    .hasMessageContaining("connection refused")
                    .satisfies(thrown -> {
                        SQLException failure = (SQLException) thrown;
                        assertThat(failure.getSQLState()).isEqualTo("08001");
                        assertThat(failure.getNextException().getMessage()).isEqualTo("connection refused");
                    });
        }
    }

    @Test
    void answersAnInterruptAtOnceAndKeepsTheFlag() throws Exception {
        borrower.publish(open("old", 1, TIMEOUT));
        Connection inUse = borrower.borrow();
        List<Boolean> flags = new ArrayList<>();
        Thread caller = new Thread(() -> {
            try {
                borrower.borrow().close();
            } catch (SQLException e) {
                flags.add(Thread.currentThread().isInterrupted());
            }
        });
        caller.start();
        await().until(() -> generations.get(0).figures().waiting() == 1);
        caller.interrupt();
        caller.join(1000);
        assertThat(flags).containsExactly(true);
        inUse.close();
    }

    @Test
    void saysThatItIsClosed() throws Exception {
        borrower.publish(open("old", 1, TIMEOUT));
        borrower.close();
        assertThatThrownBy(borrower::borrow)
                .isInstanceOfSatisfying(SQLException.class, closed -> assertThat(closed.getSQLState())
                        .isEqualTo("08003"));
    }

    @Test
    void letsACallerWhoWaitedGoWithAnErrorWhenTheDataSourceCloses() throws Exception {
        borrower.publish(open("old", 1, TIMEOUT));
        Connection inUse = borrower.borrow();
        Future<Connection> waiting = callers.submit(borrower::borrow);
        await().until(() -> generations.get(0).figures().waiting() == 1);
        borrower.close();
        assertThatThrownBy(() -> waiting.get(2, TimeUnit.SECONDS))
                .hasRootCauseMessage("orders: the data source is closed");
        inUse.close();
    }
}
