package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.pool.HikariPool;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for the end of all use of a pool. */
@Timeout(60)
class UseWatchTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
    private final Meters meters = new Meters();
    private final HikariPool pool = pool(meters);
    private final UseWatch watch = new UseWatch(pool, meters, Duration.ofMinutes(1));

    private HikariPool pool(CheckoutMeters meters) {
        StubConnector driver = new StubConnector();
        PoolEnvironment customs = new PoolEnvironment(PoolEnvironment.NONE.options(), meters);
        ConnectionSource source = new ConnectionSource(
                driver,
                Servers.settings(new Endpoint("old", 5432, "orders")),
                AcceptedPrimary.WRITABLE,
                failure -> {},
                customs);
        HikariConfig config = PoolConfiguration.of(
                "orders-gen-1", source.settings().pool(), 4, new Adder(source, housekeeper, Thread::new), customs);
        return new HikariPool(config);
    }

    @AfterEach
    void close() throws InterruptedException {
        pool.shutdown();
        housekeeper.shutdownNow();
    }

    private static final class Meters implements CheckoutMeters {
        private final AtomicInteger returned = new AtomicInteger();

        @Override
        public void acquired(long nanos) {}

        @Override
        public void timedOut() {}

        @Override
        public void used(long millis) {
            returned.incrementAndGet();
        }

        @Override
        public void created(long millis) {}

        @Override
        public void close() {}
    }

    private Connection borrow() throws SQLException {
        return pool.getConnection(5_000);
    }

    private CompletableFuture<Boolean> watching(BooleanSupplier ended) {
        return Background.supply(() -> watch.awaitUnused(LONG, ended));
    }

    /**
     * When the use has lasted for a while, the next look that nothing causes is a long time ahead; so what sees the return at once is
     * the return itself.
     */
    @Test
    void aReturnIsNoticedWhenItHappens() throws Exception {
        Connection inUse = borrow();
        AtomicLong looked = new AtomicLong(System.nanoTime());
        AtomicLong before = new AtomicLong(System.nanoTime());
        CompletableFuture<Boolean> watching = watching(() -> {
            before.set(looked.getAndSet(System.nanoTime()));
            return false;
        });
        long wait = Duration.ofSeconds(2).toNanos();
        await().atMost(LONG)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    long gap = looked.get() - before.get();
                    return gap > wait && System.nanoTime() - looked.get() < wait / 4;
                });
        long returned = System.nanoTime();
        inUse.close();
        assertThat(watching.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - returned)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void eachReturnIsSeenButOnlyTheLastOneEndsTheWait() throws Exception {
        List<Connection> inUse = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            inUse.add(borrow());
        }
        AtomicInteger looks = new AtomicInteger();
        CompletableFuture<Boolean> watching = watching(() -> looks.incrementAndGet() < 0);
        for (Connection each : inUse) {
            assertThat(watching).isNotDone();
            int before = looks.get();
            each.close();
            await().until(() -> looks.get() > before);
        }
        assertThat(watching.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aConnectionThatIsEvictedInUseIsNotInUseAnyMore() throws Exception {
        Connection broken = borrow();
        CountDownLatch began = new CountDownLatch(1);
        CompletableFuture<Boolean> watching = watching(() -> {
            began.countDown();
            return false;
        });
        began.await();
        pool.evictConnection(broken); // as Hikari does when a statement tells that the session is gone
        assertThat(watching.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aConnectionThatIsNeverReturnedIsInUseToTheEnd() throws Exception {
        Connection leaked = borrow();
        assertThat(watch.awaitUnused(Duration.ofMillis(300), () -> false)).isFalse();
        AtomicBoolean ended = new AtomicBoolean();
        UseWatch frequent = new UseWatch(pool, meters, Duration.ofMillis(5));
        CompletableFuture<Boolean> watching = Background.supply(() -> frequent.awaitUnused(LONG, ended::get));
        ended.set(true);
        assertThat(watching.get(10, TimeUnit.SECONDS)).isFalse();
        leaked.close();
    }

    @Test
    void anInterruptEndsTheWaitAndStays() throws Exception {
        Connection inUse = borrow();
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch began = new CountDownLatch(1);
        Thread watcher = new Thread(() -> interrupted.set(!watch.awaitUnused(LONG, () -> {
                    began.countDown();
                    return false;
                })
                && Thread.currentThread().isInterrupted()));
        watcher.start();
        began.await();
        watcher.interrupt();
        watcher.join(10_000);
        assertThat(interrupted).isTrue();
        inUse.close();
    }

    @Test
    void aPoolThatIsNotInUseIsNotWatched() {
        AtomicInteger looks = new AtomicInteger();
        assertThat(watch.awaitUnused(LONG, () -> looks.incrementAndGet() < 0)).isTrue();
        assertThat(looks).hasValue(1);
        assertThat(watch.awaitUnused(LONG, () -> true)).as("ended before").isFalse();
    }

    @Test
    void severalWatchAtTheSameTimeAndTheServicesMetersCountEachReturnOnce() throws Exception {
        Connection inUse = borrow();
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        CountDownLatch began = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            AtomicBoolean first = new AtomicBoolean(true);
            all.add(watching(() -> {
                if (!first.getAndSet(false)) {
                    return false;
                }
                began.countDown();
                return false;
            }));
        }
        began.await();
        inUse.close();
        for (CompletableFuture<Boolean> each : all) {
            assertThat(each.get(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(meters.returned).hasValue(1);
        borrow().close();
        assertThat(meters.returned).as("when nobody watches any more").hasValue(2);
    }
}
