package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds and releases in every order; workers come back when a test says so. */
class GateKeeperTest {
    private static final ConnectionSettings SETTINGS = Servers.settings(new Endpoint("old", 5432, "orders"));
    private static final Event DRAINED = new Event.Drained(1);

    private final StubConnector stub = new StubConnector();
    private final ManualScheduler control = new ManualScheduler();
    private final ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final Borrower borrower = new Borrower("orders", () -> "state HOLDING");
    private final List<Event> events = new ArrayList<>();
    private final Deque<Runnable> work = new ArrayDeque<>();
    private final PoolGenerations generations =
            new PoolGenerations("orders", stub, borrower, control, work::add, housekeeper, events::add);

    @AfterEach
    void nothingIsLeft() {
        CompletableFuture<Void> gone = generations.closeAll(Duration.ZERO);
        runWork();
        assertThat(gone).isCompleted();
        assertThat(stub.openConnections()).isZero();
        callers.shutdownNow();
        housekeeper.shutdownNow();
    }

    private void runWork() {
        control.run();
        while (!work.isEmpty()) {
            work.remove().run();
            control.run();
        }
    }

    private void open(long number, String host) {
        open(number, new Endpoint(host, 5432, "orders"));
    }

    private void open(long number, Endpoint endpoint) {
        generations.open(number, number, SETTINGS.withEndpoint(endpoint));
        runWork();
        assertThat(events).last().isEqualTo(new Event.GenerationOpened(number));
        events.clear();
    }

    private void serve() {
        open(1, "old");
        generations.publish(1);
    }

    private Future<String> arrive() {
        int before = borrower.waiting();
        Future<String> waiting = callers.submit(this::whereServed);
        await().until(() -> borrower.waiting() == before + 1);
        return waiting;
    }

    private String whereServed() throws SQLException {
        try (Connection connection = borrower.borrow()) {
            return connection.getCatalog();
        }
    }

    private static void assertServed(Future<String> waiting, String host) throws Exception {
        assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(host);
    }

    @Test
    void tellsThatNothingIsInUseAtOnceIfItIsSo() {
        serve();
        generations.hold(1, "c-1");
        runWork();
        assertThat(events).containsExactly(DRAINED);
        generations.hold(1, "c-1"); // as after a coordinator that took over
        runWork();
        assertThat(events).containsExactly(DRAINED, DRAINED);
    }

    @Test
    void countsThoseAtTheGateAsWaiting() throws Exception {
        serve();
        generations.hold(1, "c-1");
        Future<String> one = arrive();
        Future<String> other = arrive();
        assertThat(generations.figures().waiting()).isEqualTo(2);
        open(2, "new");
        generations.publish(2);
        assertServed(one, "new");
        assertServed(other, "new");
        assertThat(generations.figures().waiting()).isZero();
    }

    @Test
    void aHoldWithNothingInUseNeedsNoWorker() {
        serve();
        generations.hold(1, "c-1");
        assertThat(work).isEmpty();
        assertThat(events).isEmpty();
        control.run();
        assertThat(events).containsExactly(DRAINED);
    }

    @Test
    void aHoldThatEndedBeforeItsWorkerCameBackSaysNothing() throws Exception {
        serve();
        Connection inUse = borrower.borrow();
        generations.hold(1, "c-1");
        inUse.close();
        work.remove().run(); // the worker has seen that nothing is in use, and hands it over
        generations.release(1);
        runWork();
        assertThat(events).isEmpty();
    }

    @Test
    void aHoldThatEndedBeforeItsWorkerBeganSaysNothing() {
        serve();
        generations.hold(1, "c-1");
        open(2, "new");
        generations.hold(1, "c-1");
        generations.publish(2);
        generations.retire(1, Duration.ZERO);
        runWork();
        assertThat(events).isEmpty();
    }

    @Test
    void aHoldWaitsForWhatIsInUse() throws Exception {
        serve();
        Connection inUse = borrower.borrow();
        generations.hold(1, "c-1");
        Future<?> worker = callers.submit(work.remove());
        inUse.close();
        worker.get(5, TimeUnit.SECONDS);
        control.run();
        assertThat(events).containsExactly(DRAINED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"old:5432/orders", "standby:5432,OLD:5432/orders"}) // as with another password, or more hosts
    void aHoldWaitsForWhatIsInUseOfAPoolThatWasReplacedOnTheSameServer(String endpoint) throws Exception {
        serve();
        Connection inUse = borrower.borrow();
        open(2, Endpoint.parse(endpoint));
        generations.publish(2);
        generations.retire(1, Duration.ofSeconds(30));
        Future<?> draining = callers.submit(work.remove());
        generations.hold(2, "c-1");
        Future<?> worker = callers.submit(work.remove());
        assertThatThrownBy(() -> worker.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(generations.figures().active()).as("what the hold waits for").isEqualTo(1);
        inUse.close();
        worker.get(5, TimeUnit.SECONDS);
        draining.get(5, TimeUnit.SECONDS);
        control.run();
        assertThat(events).containsExactly(new Event.Drained(2));
        assertThat(generations.figures().active()).isZero();
    }

    @Test
    void aHoldDoesNotWaitForWhatIsInUseOnAnotherServer() throws Exception {
        serve();
        Connection inUse = borrower.borrow();
        open(2, "new");
        generations.publish(2);
        generations.retire(1, Duration.ofSeconds(30));
        Future<?> draining = callers.submit(work.remove());
        generations.hold(2, "c-1");
        runWork();
        assertThat(events).containsExactly(new Event.Drained(2));
        assertThat(generations.figures().active()).isZero();
        assertThat(draining).isNotDone();
        inUse.close();
        draining.get(5, TimeUnit.SECONDS);
        control.run();
    }

    @Test
    void closingEndsAHoldWhoseConnectionsAreStillInUse() throws Exception {
        serve();
        try (Connection inUse = borrower.borrow()) {
            assertThat(inUse.isClosed()).isFalse();
            generations.hold(1, "c-1");
            Future<?> worker = callers.submit(work.remove());
            Future<String> waiting = arrive();
            CompletableFuture<Void> gone = generations.closeAll(Duration.ZERO);
            worker.get(5, TimeUnit.SECONDS);
            runWork();
            assertThat(gone).isCompleted();
            assertThat(events).noneMatch(DRAINED::equals);
            assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).hasMessageContaining("is closed");
        }
    }

    @Test
    void releasesAfterALookAtTheConnections() throws Exception {
        serve();
        generations.hold(1, "c-1");
        runWork();
        Future<String> waiting = arrive();
        generations.release(1);
        assertThat(borrower.waiting()).isEqualTo(1);
        runWork();
        assertServed(waiting, "old");
    }

    @Test
    void releasesAfterASecondWhenTheLookHangs() throws Exception {
        serve();
        generations.hold(1, "c-1");
        runWork();
        Future<String> waiting = arrive();
        generations.release(1);
        control.pass(Duration.ofMillis(999));
        assertThat(borrower.waiting()).isEqualTo(1);
        control.pass(Duration.ofMillis(1));
        assertServed(waiting, "old");
        generations.hold(1, "c-2");
        runWork(); // the look comes back now, and must not open the gate that was closed meanwhile
        assertThat(arrive()).isNotDone();
        assertThat(events).last().isEqualTo(DRAINED);
    }

    @Test
    void aHoldDuringAReleaseKeepsTheGateClosed() throws Exception {
        serve();
        generations.hold(1, "c-1");
        runWork();
        Future<String> waiting = arrive();
        generations.release(1);
        generations.hold(1, "c-2");
        runWork();
        control.pass(Duration.ofSeconds(5));
        assertThat(borrower.waiting()).isEqualTo(1);
        assertThat(events).containsExactly(DRAINED, DRAINED);
        generations.release(1);
        runWork();
        assertServed(waiting, "old");
    }

    @Test
    void aPublishDuringAReleaseWins() throws Exception {
        serve();
        generations.hold(1, "c-1");
        runWork();
        open(2, "new");
        Future<String> waiting = arrive();
        generations.release(1);
        generations.publish(2);
        assertServed(waiting, "new");
        generations.retire(1, Duration.ofSeconds(5));
        runWork();
        control.pass(Duration.ofSeconds(5));
        assertServed(callers.submit(this::whereServed), "new");
    }

    @Test
    void aReleaseOfWhatIsNotHeldDoesNothing() throws Exception {
        serve();
        generations.release(1);
        assertThat(work).isEmpty();
        try (Connection connection = borrower.borrow()) {
            assertThat(connection.getCatalog()).isEqualTo("old");
        }
    }

    @Test
    void aHoldOfWhatDoesNotServeIsAFault() {
        serve();
        open(2, "new");
        assertThatThrownBy(() -> generations.hold(2, "c-1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("orders gen 2 is READY, not ACTIVE");
    }

    @Test
    void aHeldPoolOpensNoConnectionsUntilItIsReleased() throws SQLException {
        serve();
        generations.hold(1, "c-1");
        runWork();
        int before = stub.openedConnections();
        generations.resize(1, SETTINGS.pool().withMinimumIdle(6));
        Future<?> trimming = callers.submit(work.remove());
        assertThat(stub.openedConnections()).isEqualTo(before);
        generations.release(1);
        runWork();
        await().until(() -> generations.figures().idle() == 6);
        await().until(trimming::isDone);
    }
}
