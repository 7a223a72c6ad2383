package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a generation when something fails that never should. Real Hikari, everything on the test's own thread. */
class PoolGenerationsTest {
    private static final ConnectionSettings SETTINGS = Servers.settings(new Endpoint("old", 5432, "orders"));

    private final StubConnector stub = new StubConnector();
    private final ManualScheduler control = new ManualScheduler();
    private final FullMachine housekeeper = new FullMachine();
    private final Borrower borrower = new Borrower("orders", () -> "state ACTIVE");
    private final List<Event> events = new ArrayList<>();
    private boolean noRoomForAWorker;
    private boolean endingFails;
    private final PoolGenerations generations = new PoolGenerations(
            "orders", new FailingConnector(), borrower, control, this::work, housekeeper, events::add);

    @AfterEach
    void endTheHousekeeper() {
        housekeeper.shutdownNow();
    }

    private void work(Runnable task) {
        if (noRoomForAWorker) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        task.run();
    }

    private void serve(long number) {
        generations.open(number, number, SETTINGS);
        control.run();
        assertThat(events).last().isEqualTo(new Event.GenerationOpened(number));
        generations.publish(number);
    }

    private void assertNothingIsLeft() {
        CompletableFuture<Void> gone = generations.closeAll(Duration.ZERO);
        control.run();
        assertThat(gone).isCompleted();
        assertThat(stub.openConnections()).isZero();
    }

    @Test
    void aPoolThatTheMachineHasNoRoomForIsRefusedAndLeavesNoConnection() {
        housekeeper.full = true;
        generations.open(1, 1, SETTINGS);
        control.run();
        assertThat(events).singleElement().isInstanceOfSatisfying(Event.GenerationRefused.class, refused -> assertThat(
                        refused.cause())
                .contains("native thread"));
        assertNothingIsLeft();
    }

    @Test
    void aGenerationForWhichThereIsNoThreadIsRefused() {
        noRoomForAWorker = true;
        generations.open(1, 1, SETTINGS);
        control.run();
        assertThat(events).singleElement().isInstanceOf(Event.GenerationRefused.class);
        assertNothingIsLeft();
    }

    @Test
    void aPoolOfOneThatIsMadeLargeIsFilledAtOnce() {
        generations.open(1, 1, SETTINGS.withPool(SETTINGS.pool().withMaximumSize(1)));
        control.run();
        generations.publish(1);
        generations.resize(1, SETTINGS.pool().withMaximumSize(12).withMinimumIdle(12));
        assertThat(generations.figures().idle()).isEqualTo(12);
        assertNothingIsLeft();
    }

    @Test
    void aPoolThatCannotBeTrimmedNowIsResizedAllTheSame() {
        serve(1);
        noRoomForAWorker = true;
        generations.resize(1, SETTINGS.pool().withMaximumSize(1));
        assertThat(generations.figures().maximumSize()).isEqualTo(1);
        generations.sample();
        noRoomForAWorker = false;
        assertNothingIsLeft();
    }

    @Test
    void aDrainThatFailsClosesItsPoolAllTheSame() throws SQLException {
        serve(1);
        try (Connection inUse = borrower.borrow()) {
            endingFails = true;
            generations.retire(1, Duration.ZERO);
            assertThat(stub.openConnections()).isZero();
            assertThat(inUse.isClosed()).isFalse(); // on this side; its caller has yet to give it back
        }
        assertThat(generations.cutConnections()).isEqualTo(1);
        assertNothingIsLeft();
    }

    @Test
    void aDrainForWhichThereIsNoThreadIsBegunLater() {
        serve(1);
        noRoomForAWorker = true;
        generations.retire(1, Duration.ZERO);
        assertThat(stub.openConnections()).isPositive();
        noRoomForAWorker = false;
        control.pass(Duration.ofSeconds(1));
        assertThat(stub.openConnections()).isZero();
        assertNothingIsLeft();
    }

    /** A scheduler without room for the periodic task of another pool, when {@link #full}. */
    private static final class FullMachine extends ScheduledThreadPoolExecutor {
        private static final long HIKARI_FIRST_ROUND_MILLIS = 100;
        private boolean full;

        FullMachine() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
            if (full && first == HIKARI_FIRST_ROUND_MILLIS) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return super.scheduleWithFixedDelay(task, first, delay, unit);
        }
    }

    private final class FailingConnector implements Connector {
        @Override
        public Connection open(ConnectionSettings settings) throws SQLException {
            return stub.open(settings);
        }

        @Override
        public Ended end(ConnectionSettings settings, Collection<Connection> connections) {
            if (endingFails) {
                throw new IllegalStateException("a fault in our own code");
            }
            return stub.end(settings, connections);
        }
    }
}
