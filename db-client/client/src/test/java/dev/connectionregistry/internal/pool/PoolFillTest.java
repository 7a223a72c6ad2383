package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logins that wait until a test lets them go on. */
@Timeout(30)
class PoolFillTest {
    private static final ConnectionSettings SETTINGS = Servers.settings(new Endpoint("new", 5432, "orders"));

    private final StubConnector server = new StubConnector();
    private final Semaphore answers = new Semaphore(0);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger threads = new AtomicInteger();
    private final PoolFill fill = new PoolFill(this::logIn, this::thread, () -> 0); // none is slow

    private PoolFill.Opened logIn() throws SQLException {
        begun.incrementAndGet();
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        answers.acquireUninterruptibly();
        try {
            return new PoolFill.Opened(server.open(SETTINGS), 0);
        } finally {
            running.decrementAndGet();
        }
    }

    private Thread thread(Runnable task) {
        threads.incrementAndGet();
        Thread thread = new Thread(task, "filler");
        thread.setDaemon(true);
        return thread;
    }

    private void takeAll(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(takeOne()).isNotNull();
        }
    }

    private PoolFill.@Nullable Opened takeOne() {
        return takeOne(fill);
    }

    private static PoolFill.@Nullable Opened takeOne(PoolFill some) {
        try {
            return some.take();
        } catch (SQLException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    @AfterEach
    void noThreadIsLeft() throws InterruptedException {
        fill.stop();
        answers.release(1000);
        assertThat(fill.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(running).hasValue(0);
    }

    @Test
    void theFirstLoginRunsAloneAndThenNeverMoreThanFour() {
        fill.want(20);
        await().until(() -> begun.get() == 1);
        assertThat(threads).as("nobody else has been sent").hasValue(1);
        for (int answered = 1; answered <= 20; answered++) {
            int expected = Math.min(20 - answered, Math.min(FillPace.MOST, answered + 1));
            answers.release();
            assertThat(takeOne()).isNotNull();
            await().until(() -> running.get() == expected);
        }
        assertThat(begun).hasValue(20);
        assertThat(most).hasValue(FillPace.MOST);
        assertThat(takeOne()).as("what comes after a fill").isNull();
    }

    @Test
    void aServerThatRefusesSeesOneLoginAndTheNextWhoAsksIsToldWhy() throws Exception {
        server.refuse("new", new SQLException("wrong password", "28P01"));
        fill.want(10);
        CompletableFuture<PoolFill.@Nullable Opened> asking = Background.supply(this::takeOne);
        answers.release(100);
        assertThatThrownBy(() -> asking.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("wrong password");
        assertThat(begun).hasValue(1);
        assertThat(takeOne()).as("told once").isNull();
    }

    @Test
    void aFailureIsNotLostOnWhoAsksAfterIt() throws Exception {
        server.refuse("new", new SQLException("wrong password", "28P01"));
        answers.release(100);
        fill.want(10);
        assertThat(fill.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThatThrownBy(fill::take).hasMessage("wrong password");
    }

    @Test
    void aFailureHalfWayEndsTheFillAndLeavesWhatIsOpen() throws Exception {
        fill.want(10);
        answers.release(3);
        await().until(() -> server.openConnections() == 3 && running.get() == FillPace.MOST);
        server.refuse("new", new SQLException("too many connections", "53300"));
        answers.release(100);
        takeAll(3);
        assertThatThrownBy(fill::take).hasMessage("too many connections");
        assertThat(fill.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(begun).hasValue(3 + FillPace.MOST);
        server.refuse("new", null);
        fill.want(2);
        takeAll(2);
    }

    @Test
    void aFailureThatIsNoSqlExceptionIsOneToo() throws Exception {
        PoolFill broken = new PoolFill(
                () -> {
                    throw new NoClassDefFoundError("some/Plugin");
                },
                this::thread,
                () -> 0);
        broken.want(3);
        assertThatThrownBy(broken::take).isInstanceOf(SQLException.class).hasMessageContaining("some/Plugin");
        assertThat(broken.awaitEnd(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void stoppingHalfWayClosesWhatIsReadyAndWhatIsOnItsWay() throws Exception {
        fill.want(10);
        answers.release(3);
        await().until(() -> server.openConnections() == 3 && running.get() == FillPace.MOST);
        fill.stop();
        assertThat(server.openConnections()).isZero();
        assertThat(takeOne()).isNull();
        answers.release(100);
        assertThat(fill.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(begun).hasValue(3 + FillPace.MOST);
        assertThat(server.openConnections()).isZero();
        fill.want(10);
        assertThat(begun).as("after the end").hasValue(3 + FillPace.MOST);
    }

    @Test
    void stoppingEndsTheWaitOfWhoAsks() throws Exception {
        fill.want(1);
        CompletableFuture<PoolFill.@Nullable Opened> asking = Background.supply(this::takeOne);
        await().until(() -> begun.get() == 1);
        fill.stop();
        assertThat(asking.get(10, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void whatNobodyTakesIsClosedSoonAfterTheLastLogin() throws Exception {
        answers.release(100);
        fill.want(5);
        assertThat(takeOne()).isNotNull();
        await().until(() -> server.openedConnections() == 5);
        assertThat(fill.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(server.openConnections()).as("the one that was taken").isEqualTo(1);
        assertThat(takeOne()).isNull();
    }

    @Test
    void whatIsDiscardedIsClosedAndNotOpenedAgain() throws Exception {
        fill.want(4);
        answers.release(2);
        await().until(() -> server.openConnections() == 2 && running.get() == 2);
        fill.discard();
        assertThat(server.openConnections()).isZero();
        answers.release(100);
        takeAll(2);
        assertThat(takeOne()).isNull();
        assertThat(begun).hasValue(4);
    }

    @Test
    void askingForMoreMeanwhileCountsWhatIsThereAndOnItsWay() throws Exception {
        fill.want(3);
        answers.release();
        await().until(() -> server.openConnections() == 1 && running.get() == 2);
        fill.want(3);
        fill.want(5);
        fill.want(2);
        answers.release(100);
        takeAll(5);
        assertThat(takeOne()).isNull();
        assertThat(begun).hasValue(5);
    }

    @Test
    void askingForMoreWhileTheLastThreadWaitsForItsConnectionsToBeTaken() throws Exception {
        answers.release(100);
        fill.want(1);
        await().until(() -> server.openConnections() == 1 && running.get() == 0);
        fill.want(3);
        takeAll(3);
        assertThat(begun).hasValue(3);
    }

    @Test
    void withoutRoomForAThreadTheFillIsLeftToHikari() throws Exception {
        ThreadFactory full = task -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        PoolFill unfilled = new PoolFill(this::logIn, full, () -> 0);
        unfilled.want(10);
        assertThat(unfilled.take()).isNull();
        assertThat(unfilled.awaitEnd(Duration.ZERO)).isTrue();
        assertThat(begun).hasValue(0);
    }

    @Test
    void withRoomForOneThreadOnlyThatOneDoesItAll() {
        AtomicInteger made = new AtomicInteger();
        PoolFill slow = new PoolFill(
                this::logIn,
                task -> {
                    if (made.incrementAndGet() > 1) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return thread(task);
                },
                () -> 0);
        answers.release(100);
        slow.want(6);
        for (int i = 0; i < 6; i++) {
            assertThat(takeOne(slow)).isNotNull();
        }
        assertThat(takeOne(slow)).isNull();
        assertThat(most).hasValue(1);
    }
}
