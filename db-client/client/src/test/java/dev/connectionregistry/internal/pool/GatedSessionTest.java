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
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Connections that another pool keeps: what counts as in use, and where they move. */
class GatedSessionTest extends StubPools {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicInteger restored = new AtomicInteger();

    GatedSessionTest() {
        super("state HOLDING");
    }

    private GatedSession session() {
        return new GatedSession(borrower, (fresh, first) -> restored.incrementAndGet());
    }

    private static String host(GatedSession session) throws SQLException {
        Connection connection = session.enter();
        try {
            return connection.getCatalog();
        } finally {
            session.leave();
        }
    }

    @Test
    void noCallIsUnderWayWhileAHoldHasFoundNothingInUse() throws Exception {
        PoolGeneration served = open("db1", 1, LONG);
        borrower.publish(served);
        AtomicInteger underWay = new AtomicInteger();
        AtomicBoolean ending = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(4);
        List<Future<Integer>> users = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            GatedSession session = session();
            users.add(callers.submit(() -> {
                int calls = 0;
                for (; !ending.get(); calls++) {
                    session.enter();
                    underWay.incrementAndGet();
                    underWay.decrementAndGet();
                    session.leave();
                    begun.countDown();
                }
                session.close();
                return calls;
            }));
        }
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        for (int hold = 0; hold < 300; hold++) {
            borrower.hold("cutover c-1");
            assertThat(served.awaitUnused(LONG, () -> false)).isTrue();
            for (int look = 0; look < 50; look++) {
                assertThat(underWay).hasValue(0);
            }
            borrower.release(served);
        }
        ending.set(true);
        for (Future<Integer> user : users) {
            assertThat(user.get(30, TimeUnit.SECONDS)).isPositive();
        }
        assertThat(served.figures().active()).isZero();
    }

    @Test
    void anIdleSessionIsNotInUseAndARunningCallIs() throws Exception {
        PoolGeneration served = open("db1", 1, LONG);
        borrower.publish(served);
        GatedSession session = session();
        host(session);
        assertThat(served.awaitUnused(SHORT, () -> false)).isTrue();
        assertThat(served.isUnused()).isTrue();

        session.enter();
        session.enterAgain();
        session.leave();
        borrower.hold("cutover c-1");
        assertThat(served.awaitUnused(SHORT, () -> false)).isFalse();
        assertThat(served.isUnused()).isFalse();
        assertThat(session.enter()).as("within what is in use nothing waits").isNotNull();
        session.leave();
        session.leave();
        assertThat(served.isUnused()).isTrue();
        assertThat(served.awaitUnused(SHORT, () -> false)).isTrue();
    }

    @Test
    void waitsAtTheGateAndThenMovesAndIsRestored() throws Exception {
        PoolGeneration old = open("db1", 1, LONG);
        borrower.publish(old);
        GatedSession session = session();
        assertThat(host(session)).isEqualTo("db1");
        borrower.hold("cutover c-1");
        Future<String> waiting = callers.submit(() -> host(session));
        await().until(() -> borrower.waiting() == 1);
        assertThat(session.isCurrent()).as("nobody may look behind a gate").isTrue();

        borrower.publish(open("db2", 1, LONG));
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("db2");
        assertThat(restored).hasValue(2);
        assertThat(old.keptByOthers()).isZero();
    }

    @Test
    void doesNotMoveWhileItIsInUse() throws Exception {
        PoolGeneration old = open("db1", 1, LONG);
        borrower.publish(old);
        GatedSession session = session();
        session.enter();
        borrower.publish(open("db2", 1, LONG));
        assertThat(host(session)).isEqualTo("db1");
        assertThat(old.figures().active()).isEqualTo(1);
        session.leave();
        assertThat(session.isCurrent()).isFalse();
        assertThat(host(session)).isEqualTo("db2");
    }

    @Test
    void aCallerAtTheGateIsToldWhyAfterItsTime() throws Exception {
        borrower.publish(open("db1", 1, Duration.ofMillis(250)));
        GatedSession session = session();
        host(session);
        borrower.hold("cutover c-1");
        assertThatThrownBy(session::enter)
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasMessageContaining("cutover c-1 has held the gate");
        assertThat(session.enterAtOnce()).isNull();
    }

    @Test
    void aReplacedGenerationKeepsNoIdleConnectionAndWaitsForTheOthers() throws Exception {
        PoolGeneration old = open("db1", 1, LONG);
        borrower.publish(old);
        GatedSession idle = session();
        GatedSession busy = session();
        host(idle);
        busy.enter();
        borrower.publish(open("db2", 1, LONG));
        Future<Connector.Ended> retired = callers.submit(() -> old.retire(LONG, connector));
        await().until(() -> idle.physical() == null);
        assertThat(retired).isNotDone();
        busy.leave();
        assertThat(retired.get(20, TimeUnit.SECONDS)).isEqualTo(Connector.Ended.NONE);
        assertThat(busy.physical()).isNull();
        assertThat(connector.openConnections()).as("the second pool's own").isEqualTo(1);
        assertThat(host(idle)).isEqualTo("db2");
    }

    @Test
    void aSessionThatIsClosedIsNotInUseWhateverItDid() throws Exception {
        PoolGeneration served = open("db1", 1, LONG);
        borrower.publish(served);
        GatedSession session = session();
        session.enter();
        session.close();
        session.leave();
        assertThat(served.awaitUnused(SHORT, () -> false)).isTrue();
        assertThat(served.keptByOthers()).isZero();
        assertThatThrownBy(session::enter).hasMessageContaining("closed");
    }

    @Test
    void aSessionWhoseConnectionBrokeInUseNeverGoesOnElsewhere() throws Exception {
        PoolGeneration old = open("db1", 1, LONG);
        borrower.publish(old);
        GatedSession session = session();
        session.enter().close();
        session.leave();
        borrower.publish(open("db2", 1, LONG));
        assertThatThrownBy(session::enter)
                .hasMessageContaining("take another one")
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08003"));
        assertThat(session.isClosed()).isTrue();
        assertThat(restored).as("only its first connection").hasValue(1);
        assertThat(old.keptByOthers()).isZero();
        assertThat(old.isUnused()).isTrue();
    }

    @Test
    void anIdleSessionWhoseConnectionBrokeMovesAllTheSame() throws Exception {
        borrower.publish(open("db1", 1, LONG));
        GatedSession session = session();
        host(session);
        Objects.requireNonNull(session.physical()).close();
        borrower.publish(open("db2", 1, LONG));
        assertThat(host(session)).isEqualTo("db2");
    }

    @Test
    void oneThatWasGivenAwayIsInUseUntilItComesBack() throws Exception {
        PoolGeneration served = open("db1", 1, LONG);
        borrower.publish(served);
        GatedSession session = session();
        session.enter();
        session.unwrapped();
        session.leave();
        assertThat(served.awaitUnused(SHORT, () -> false)).isFalse();
        session.settle();
        assertThat(served.awaitUnused(SHORT, () -> false)).isTrue();
    }

    @Test
    void aNextGenerationHasConnectionsOpenedAheadAndDropsWhatNobodyTook() throws Exception {
        borrower.publish(open("db1", 1, LONG));
        GatedSession session = session();
        host(session);
        PoolGeneration next = open("db2", 1, LONG);
        next.sessions().prepare(3, LONG, () -> false);
        next.sessions().prepare(3, Duration.ZERO, () -> false); // there is no time left for these
        int opened = connector.openedConnections();
        borrower.publish(next);
        assertThat(host(session)).isEqualTo("db2");
        assertThat(connector.openedConnections()).isEqualTo(opened);
        assertThat(connector.openConnections())
                .as("two pools of one, and three")
                .isEqualTo(5);
        next.look();
        assertThat(next.size() + next.keptByOthers()).isEqualTo(2);
    }
}
