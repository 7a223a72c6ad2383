package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.internal.pool.GatedSession;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import java.sql.Connection;
import java.sql.SQLTransientConnectionException;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several data sources of one process in the hold of one run; time passes when a test says so. */
class GateGroupTest {
    private static final String RUN = "c-1";
    private static final Event DRAINED = new Event.Drained(1);
    private static final ConnectionSettings SETTINGS = Servers.settings(new Endpoint("old", 5432, "orders"));

    private final ManualScheduler control = new ManualScheduler();
    private final ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
    private final List<Source> sources = new ArrayList<>();
    private final List<ExecutorService> threads = new ArrayList<>();

    /** One data source, without its decisions. */
    private final class Source {
        private final StubConnector stub = new StubConnector();
        private final List<Event> events = new ArrayList<>();
        private final Deque<Runnable> work = new ArrayDeque<>();
        private final Borrower borrower;
        private final PoolGenerations generations;

        Source(String name, ConnectionSettings settings) {
            borrower = new Borrower(name, () -> "state HOLDING");
            generations = new PoolGenerations(name, stub, borrower, control, work::add, housekeeper, events::add);
            generations.open(1, 1, settings);
            runWork();
            generations.publish(1);
            events.clear();
            sources.add(this);
        }

        void runWork() {
            control.run();
            while (!work.isEmpty()) {
                work.remove().run();
                control.run();
            }
        }

        Source in(String transition) {
            generations.follow(transition);
            return this;
        }

        void hold() {
            generations.hold(1, "cutover " + RUN);
        }

        boolean isHeld() {
            control.run();
            return events.contains(DRAINED);
        }

        boolean isUnused() {
            return generations.figures().active() == 0;
        }
    }

    private Source orders() {
        return new Source("orders", SETTINGS).in(RUN);
    }

    private Source billing() {
        return billing(SETTINGS);
    }

    private Source billing(ConnectionSettings settings) {
        return new Source("billing", settings).in(RUN + "-1");
    }

    /** A thread of the service. */
    private final class Worker {
        private final ExecutorService thread = Executors.newSingleThreadExecutor();

        Worker() {
            threads.add(thread);
        }

        Connection takes(Source source) throws Exception {
            return thread.submit(source.borrower::borrow).get(10, TimeUnit.SECONDS);
        }

        Future<Connection> asks(Source source) {
            return thread.submit(source.borrower::borrow);
        }

        Future<Connection> waitsFor(Source source) {
            int before = source.borrower.waiting();
            Future<Connection> waiting = asks(source);
            await().until(() -> source.borrower.waiting() == before + 1);
            return waiting;
        }

        void returns(Connection connection) throws Exception {
            thread.submit(() -> {
                        connection.close();
                        return true;
                    })
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private static Connection got(Future<Connection> waiting) throws Exception {
        return waiting.get(10, TimeUnit.SECONDS);
    }

    private void passPatience() {
        control.pass(GateGroup.PATIENCE.plusMillis(10));
    }

    @AfterEach
    void nothingIsLeft() {
        for (Source source : sources) {
            CompletableFuture<Void> gone = source.generations.closeAll(Duration.ZERO);
            source.runWork();
            assertThat(gone).isCompleted();
            assertThat(source.stub.openConnections()).isZero();
        }
        assertThat(GateGroup.runs()).isZero();
        threads.forEach(ExecutorService::shutdownNow);
        housekeeper.shutdownNow();
    }

    @Test
    void oneNameIsHeldNoSoonerThanTheOther() throws Exception {
        Source orders = orders();
        Source billing = billing();
        Worker worker = new Worker();
        Connection inUse = worker.takes(orders);
        orders.hold();
        billing.hold();
        control.pass(Duration.ofSeconds(1));
        assertThat(billing.isHeld()).isFalse();
        worker.returns(inUse);
        control.pass(Duration.ofMillis(10));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(true);
    }

    @Test
    void aNameWhoseHoldHasNotBegunKeepsTheOtherFromBeingHeld() {
        Source orders = orders();
        Source billing = billing();
        orders.hold();
        control.pass(Duration.ofSeconds(1));
        assertThat(orders.isHeld()).isFalse();
        billing.hold();
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(true);
    }

    @Test
    void aThreadThatWaitsWithAConnectionOfTheOtherNameIsLetThrough() throws Exception {
        Source orders = orders();
        Source billing = billing();
        Worker worker = new Worker();
        Connection ofOrders = worker.takes(orders);
        orders.hold();
        billing.hold();
        Future<Connection> waiting = worker.waitsFor(billing);
        passPatience();
        Connection ofBilling = got(waiting);
        control.pass(Duration.ofSeconds(1));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(false);
        worker.returns(ofBilling);
        worker.returns(ofOrders);
        control.pass(Duration.ofMillis(10));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(true);
    }

    @Test
    void threadsThatHoldBothInBothOrdersAreLetThrough() throws Exception {
        Source orders = orders();
        Source billing = billing();
        Worker one = new Worker();
        Worker other = new Worker();
        Connection ofOrders = one.takes(orders);
        Connection ofBilling = other.takes(billing);
        orders.hold();
        billing.hold();
        Future<Connection> oneWaits = one.waitsFor(billing);
        Future<Connection> otherWaits = other.waitsFor(orders);
        passPatience();
        one.returns(got(oneWaits));
        other.returns(got(otherWaits));
        one.returns(ofOrders);
        other.returns(ofBilling);
        control.pass(Duration.ofMillis(10));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(true);
    }

    @Test
    void theLongestWaiterComesFirst() throws Exception {
        Source orders = orders();
        Source billing =
                billing(SETTINGS.withPool(SETTINGS.pool().withMaximumSize(1).withMinimumIdle(1)));
        Worker holder = new Worker();
        Connection ofOrders = holder.takes(orders);
        orders.hold();
        billing.hold();
        Worker early = new Worker();
        Future<Connection> earlyWaits = early.waitsFor(billing);
        Future<Connection> holderWaits = holder.waitsFor(billing);
        passPatience();
        Connection first = got(earlyWaits);
        assertThat(holderWaits).as("there is no other connection").isNotDone();
        early.returns(first);
        holder.returns(got(holderWaits));
        holder.returns(ofOrders);
    }

    @Test
    void nobodyIsLetThroughWhileUseComesBackInGoodTime() throws Exception {
        Source orders = orders();
        Source billing = billing();
        Worker worker = new Worker();
        Worker waiter = new Worker();
        List<Connection> inUse = List.of(worker.takes(orders), worker.takes(orders), worker.takes(orders));
        orders.hold();
        billing.hold();
        Future<Connection> waiting = waiter.waitsFor(billing);
        for (Connection each : inUse) {
            control.pass(GateGroup.PATIENCE.minusMillis(5));
            assertThat(waiting).isNotDone();
            worker.returns(each);
        }
        control.pass(Duration.ofMillis(5));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(true);
        assertThat(waiting).isNotDone();
    }

    @Test
    void nobodyIsLetThroughOnceHeld() throws Exception {
        Source orders = orders();
        Source billing = billing();
        orders.hold();
        billing.hold();
        Worker worker = new Worker();
        Future<Connection> waiting = worker.waitsFor(billing);
        control.pass(Duration.ofSeconds(10));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(true);
        assertThat(List.of(orders.isUnused(), billing.isUnused())).containsOnly(true);
        assertThat(waiting).isNotDone();
    }

    @Test
    void afterTheLastUseFromBeforeOnlyThoseWhoWereLetThroughAre() throws Exception {
        Source orders = orders();
        Source billing = billing();
        Worker before = new Worker();
        Connection ofBilling = before.takes(billing);
        orders.hold();
        billing.hold();
        Worker inside = new Worker();
        Future<Connection> insideWaits = inside.waitsFor(orders);
        passPatience();
        Connection ofOrders = got(insideWaits);
        before.returns(ofBilling);
        control.pass(Duration.ofMillis(10));
        Worker outside = new Worker();
        Future<Connection> outsideWaits = outside.waitsFor(billing);
        control.pass(Duration.ofSeconds(1));
        assertThat(outsideWaits).as("has nothing that anybody waits for").isNotDone();
        Future<Connection> insideWaitsAgain = inside.asks(billing);
        control.pass(Duration.ofMillis(10));
        inside.returns(got(insideWaitsAgain));
        inside.returns(ofOrders);
        control.pass(Duration.ofMillis(10));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(true);
        assertThat(outsideWaits).isNotDone();
    }

    @Test
    void aThreadThatGaveBackWhatItWasLetThroughForWaitsLikeAnyOther() throws Exception {
        Source orders = orders();
        Source billing = billing();
        Worker before = new Worker();
        Connection ofBilling = before.takes(billing);
        orders.hold();
        billing.hold();
        Worker inside = new Worker();
        Worker alsoInside = new Worker();
        Future<Connection> insideWaits = inside.waitsFor(orders);
        Future<Connection> alsoWaits = alsoInside.waitsFor(orders);
        passPatience();
        Connection keepsTheHoldWaiting = got(alsoWaits);
        inside.returns(got(insideWaits));
        before.returns(ofBilling);
        control.pass(Duration.ofMillis(10));
        Future<Connection> again = inside.waitsFor(billing);
        control.pass(Duration.ofSeconds(1));
        assertThat(again).isNotDone();
        alsoInside.returns(keepsTheHoldWaiting);
    }

    @ParameterizedTest
    @CsvSource({"c-1, c-1", "c-1, c-2", "c-1, r-1"})
    void oneNameAloneAndAnotherRunLetNobodyThrough(String one, String other) throws Exception {
        Source orders = new Source("orders", SETTINGS).in(one);
        Source second = new Source("second", SETTINGS).in(other);
        Worker worker = new Worker();
        Connection inUse = worker.takes(orders);
        orders.hold();
        second.hold();
        Future<Connection> waiting = new Worker().waitsFor(second);
        control.pass(Duration.ofSeconds(1));
        assertThat(waiting).isNotDone();
        assertThat(List.of(orders.isHeld(), second.isHeld())).containsExactly(false, true);
        worker.returns(inUse);
        control.pass(Duration.ofMillis(100));
        assertThat(orders.isHeld()).isTrue();
    }

    @Test
    void aDataSourceThatIsClosedInTheHoldIsNotWaitedFor() throws Exception {
        Source orders = orders();
        Source billing = billing();
        Worker worker = new Worker();
        Connection inUse = worker.takes(orders);
        orders.hold();
        billing.hold();
        assertThat(billing.isHeld()).isFalse();
        CompletableFuture<Void> gone = orders.generations.closeAll(Duration.ZERO);
        assertThat(billing.isHeld()).isTrue();
        orders.runWork();
        assertThat(gone).isCompleted();
        worker.returns(inUse);
    }

    @Test
    void aNameThatHasLeftTheRunIsNotWaitedFor() throws Exception {
        Source orders = orders();
        Source billing = billing();
        Worker worker = new Worker();
        Connection inUse = worker.takes(orders);
        orders.hold();
        billing.hold();
        orders.generations.follow(null); // as when the undo was read
        orders.generations.release(1);
        assertThat(billing.isHeld()).isTrue();
        assertThat(orders.isHeld()).isFalse();
        worker.returns(inUse);
    }

    @Test
    void aGateThatIsClosedAgainAfterItLastedTooLongIsHeldTogetherWithTheOthersAgain() throws Exception {
        Source orders = orders();
        Source billing = billing();
        orders.hold();
        billing.hold();
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(true);
        for (Source source : List.of(orders, billing)) { // the hold is overdue
            source.generations.release(1);
            source.runWork();
            source.events.clear();
        }
        Worker worker = new Worker();
        Connection inUse = worker.takes(orders);
        orders.hold();
        billing.hold();
        Future<Connection> waiting = worker.waitsFor(billing);
        control.run();
        assertThat(waiting).as("there is no haste in a new hold").isNotDone();
        passPatience();
        worker.returns(got(waiting));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(false);
        worker.returns(inUse);
        control.pass(Duration.ofMillis(10));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(true);
    }

    @Test
    void aPoolThatLacksConnectionsOpensThemForThoseLetThroughAndNoneOnceHeld() throws Exception {
        Source orders = orders();
        Source billing =
                billing(SETTINGS.withPool(SETTINGS.pool().withMaximumSize(2).withMinimumIdle(1)));
        Worker one = new Worker();
        Worker other = new Worker();
        Connection ofOrders = one.takes(orders);
        await().until(() -> billing.generations.figures().idle() == 1);
        Connection ofBilling = other.takes(billing);
        orders.hold();
        billing.hold();
        Future<Connection> waiting = one.waitsFor(billing);
        passPatience();
        one.returns(got(waiting));
        one.returns(ofOrders);
        other.returns(ofBilling);
        control.pass(Duration.ofMillis(10));
        assertThat(billing.isHeld()).isTrue();
        int opened = billing.stub.openedConnections();
        billing.generations.resize(1, SETTINGS.pool().withMaximumSize(8).withMinimumIdle(8));
        Future<?> trimming = new Worker().thread.submit(billing::runWork);
        assertThat(billing.stub.openedConnections()).isEqualTo(opened);
        billing.generations.release(1);
        trimming.get(30, TimeUnit.SECONDS);
    }

    @Test
    void oneForWhomThereIsNoConnectionWaitsNoLongerThanItMay() throws Exception {
        Source orders = orders();
        Source billing = billing(SETTINGS.withPool(
                SETTINGS.pool().withMaximumSize(1).withMinimumIdle(1).withConnectionTimeout(Duration.ofMillis(500))));
        Worker one = new Worker();
        Worker other = new Worker();
        Connection ofOrders = one.takes(orders);
        Connection ofBilling = other.takes(billing);
        orders.hold();
        billing.hold();
        Future<Connection> waiting = one.waitsFor(billing);
        passPatience();
        assertThatThrownBy(() -> got(waiting))
                .cause()
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasMessageContaining("has held the gate closed");
        one.returns(ofOrders);
        other.returns(ofBilling);
        control.pass(Duration.ofMillis(10));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(true);
    }

    @Test
    void sessionsOfOtherPoolsAreLetThroughToo() throws Exception {
        Source orders = orders();
        Source billing = billing();
        Worker worker = new Worker();
        GatedSession ofOrders = new GatedSession(orders.borrower, (fresh, first) -> {});
        GatedSession ofBilling = new GatedSession(billing.borrower, (fresh, first) -> {});
        worker.thread.submit(ofOrders::enter).get(10, TimeUnit.SECONDS);
        orders.hold();
        billing.hold();
        Future<Connection> waiting = worker.thread.submit(ofBilling::enter);
        await().until(() -> billing.borrower.waiting() == 1);
        passPatience();
        got(waiting);
        worker.thread.submit(ofOrders::leave).get(10, TimeUnit.SECONDS);
        control.pass(Duration.ofMillis(10));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(false);
        Future<Connection> waitsWithASession = worker.asks(orders);
        control.pass(Duration.ofMillis(10));
        worker.returns(got(waitsWithASession));
        worker.thread.submit(ofBilling::leave).get(10, TimeUnit.SECONDS);
        control.pass(Duration.ofMillis(10));
        assertThat(List.of(orders.isHeld(), billing.isHeld())).containsOnly(true);
        ofOrders.close();
        ofBilling.close();
    }

    @Test
    void aGateThatWaitsForLongSaysForWhat() throws Exception {
        Source orders = orders();
        Source billing =
                billing(SETTINGS.withPool(SETTINGS.pool().withMaximumSize(1).withMinimumIdle(1)));
        Worker one = new Worker();
        Worker other = new Worker();
        Connection ofOrders = one.takes(orders);
        Connection ofBilling = other.takes(billing);
        orders.hold();
        billing.hold();
        Future<Connection> waiting = one.waitsFor(billing);
        Worker third = new Worker();
        Future<Connection> letThrough = third.waitsFor(orders);
        assertThat(billing.generations.waitsFor()).isEmpty();
        control.pass(GateGroup.TELLS_AFTER.plusMillis(10));
        assertThat(billing.generations.waitsFor().orElseThrow())
                .startsWith("billing can't become HELD before orders (")
                .contains("in use in this process", "at the gate of billing", "with a connection of another name");
        assertThat(billing.events).contains(new Event.HealthChanged());
        other.returns(ofBilling);
        one.returns(got(waiting));
        one.returns(ofOrders);
        third.returns(got(letThrough));
        control.pass(Duration.ofMillis(10));
        assertThat(billing.isHeld()).isTrue();
        assertThat(billing.generations.waitsFor()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "c-3f9a1b2c, c-3f9a1b2c",
        "c-3f9a1b2c-1, c-3f9a1b2c",
        "r-12345678-32, r-12345678",
        "c-12345678, c-12345678",
        "odd, odd"
    })
    void theRunOfATransitionIsInItsId(String transition, String run) {
        assertThat(GateGroup.run(transition)).isEqualTo(run);
    }
}
