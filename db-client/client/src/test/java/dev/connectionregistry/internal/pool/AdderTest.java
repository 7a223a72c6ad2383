package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Hikari's adder thread gets; the test's own thread plays it. */
class AdderTest {
    private static final ConnectionSettings SETTINGS = Servers.settings(new Endpoint("new", 5432, "orders"));

    private final StubConnector server = new StubConnector();
    private final ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
    private final ConnectionSource source =
            new ConnectionSource(server, SETTINGS, AcceptedPrimary.WRITABLE, failure -> {}, PoolEnvironment.NONE);
    private final Adder adder = new Adder(source, housekeeper, Thread::new);

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        adder.cancel();
        source.close();
        assertThat(adder.awaitFillersGone(Duration.ofSeconds(10))).isTrue();
        assertThat(server.openConnections()).isZero();
        housekeeper.shutdownNow();
    }

    private void awaitAhead(int count) {
        adder.fill(count);
        await().until(() -> server.openConnections() == count);
    }

    private boolean sleepsAfter(Connection connection) {
        assertThat(connection).isNotNull();
        boolean skips = isInterruptedByScheduling();
        assertThat(isInterruptedByScheduling()).as("once").isFalse();
        return !skips;
    }

    private boolean isInterruptedByScheduling() {
        var unused = adder.scheduler().schedule(() -> {}, 1, TimeUnit.HOURS);
        return Thread.interrupted();
    }

    @Test
    void theSleepIsSkippedOnlyAfterAConnectionThatWasOpenedAhead() throws Exception {
        awaitAhead(2);
        assertThat(sleepsAfter(adder.getConnection())).isFalse();
        assertThat(sleepsAfter(adder.getConnection())).isFalse();
        assertThat(sleepsAfter(adder.getConnection())).isTrue();
        assertThat(server.openedConnections()).isEqualTo(3);
    }

    @Test
    void anotherThreadThatSchedulesSomethingIsNotInterrupted() throws Exception {
        awaitAhead(1);
        assertThat(adder.getConnection()).isNotNull();
        CompletableFuture<Boolean> caller =
                Background.supply(this::isInterruptedByScheduling); // as for the detection of leaks
        assertThat(caller.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void aConnectionFromBeforeAPauseIsClosedAfterIt() throws Exception {
        awaitAhead(2);
        adder.pause();
        adder.resume();
        try (Connection connection = adder.getConnection()) {
            assertThat(connection.isClosed()).isFalse();
            assertThat(server.openConnections()).as("only that one").isEqualTo(1);
            assertThat(server.openedConnections()).isEqualTo(3);
        }
    }

    @Test
    void nothingIsOpenedAheadDuringAPause() throws Exception {
        adder.pause();
        adder.fill(3);
        CompletableFuture<Connection> asking = Background.supply(this::get);
        await().until(() -> Thread.getAllStackTraces().values().stream()
                .anyMatch(stack -> java.util.Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().endsWith("PoolFill"))));
        assertThat(server.openedConnections()).isZero();
        adder.resume();
        asking.get(10, TimeUnit.SECONDS).close();
        await().until(() -> server.openedConnections() == 3);
    }

    private Connection get() {
        try {
            return adder.getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aServerThatIsFailingIsLeftToHikariWhichTriesEverMoreSeldom() throws Exception {
        server.refuse("new", new SQLException("the database system is starting up", "57P03"));
        assertThatThrownBy(adder::getConnection).hasMessageContaining("starting up");
        adder.fill(5);
        assertThat(adder.awaitFillersGone(Duration.ZERO)).as("nobody fills").isTrue();
        server.refuse("new", null);
        adder.getConnection().close();
        awaitAhead(5);
    }

    @Test
    void nobodyWaitsForAPoolThatIsGivenUp() {
        adder.pause();
        adder.fill(3);
        adder.cancel();
        assertThatThrownBy(adder::getConnection).hasMessageContaining("no longer needed");
        assertThat(server.openedConnections()).isZero();
    }
}
