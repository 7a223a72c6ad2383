package dev.connectionregistry.watch;

import dev.connectionregistry.core.internal.follow.ControlThread;
import dev.connectionregistry.core.internal.follow.NamedThreads;
import dev.connectionregistry.core.internal.follow.Scheduler;
import dev.connectionregistry.core.internal.follow.SnapshotKeeper;
import dev.connectionregistry.core.internal.util.CleanLogger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Follows the registry for a service that has its own pool: polls with jitter and back-off, keeps the last good
 * settings, calls a {@link SettingsFollower} when the service must use other settings, and reports the service as a
 * <em>plain</em> member of the fleet. A plain member takes part in moves but doesn't hold its callers: a cutover
 * refuses to run while one is alive, unless the operator excludes it.
 *
 * <pre>{@code
 * RegistryWatcher watcher = RegistryWatcher.builder()
 *         .registry(registry).database("orders").service("checkout")
 *         .follower(settings -> replacePool(settings))
 *         .start();
 * }</pre>
 *
 * Thread-safe. The caller must close it before it closes its own pool.
 */
public final class RegistryWatcher implements AutoCloseable {
    private static final Logger LOG = CleanLogger.of(RegistryWatcher.class);
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    private final Scheduler control;
    private final ThreadPoolExecutor workers;
    private final ThreadPoolExecutor follower;
    private final WatcherLoop loop;
    private final List<AutoCloseable> owned;
    private final String name;
    private final AtomicBoolean closed = new AtomicBoolean();

    RegistryWatcher(RegistryWatcherBuilder.Ingredients with, @Nullable Path snapshot, List<AutoCloseable> owned) {
        this.owned = owned;
        name = with.database() + " as " + with.service() + "/" + with.instance();
        String prefix = "connection-registry-" + with.database();
        control = new ControlThread(prefix + "-watcher");
        workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                NamedThreads.numbered(prefix + "-watcher-worker"),
                new ThreadPoolExecutor.DiscardPolicy());
        follower = new ThreadPoolExecutor(
                1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), NamedThreads.called(prefix + "-follower"));
        follower.allowCoreThreadTimeOut(true);
        loop = new WatcherLoop(
                with.parts(
                        control,
                        workers,
                        follower,
                        () -> ThreadLocalRandom.current().nextDouble(),
                        Clock.systemUTC()),
                new SnapshotKeeper(snapshot, with.database(), workers));
    }

    /** An empty builder. */
    public static RegistryWatcherBuilder builder() {
        return new RegistryWatcherBuilder();
    }

    /** Waits until the service uses its first settings. */
    void start(Duration firstReadBound) {
        CompletableFuture<Void> started = loop.start(firstReadBound);
        Duration bound = firstReadBound.plus(WatcherLoop.FOLLOW_BOUND).plus(CLOSE_BOUND);
        try {
            started.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            close();
            throw e.getCause() instanceof WatcherStartException known
                    ? known
                    : new WatcherStartException(String.valueOf(e), e);
        } catch (TimeoutException e) {
            close();
            throw new WatcherStartException(name + ": the follower did not finish in time", e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new WatcherStartException(name + ": interrupted while starting", e);
        }
    }

    /** The current status. Never blocks. */
    public WatcherStatus status() {
        return loop.status();
    }

    /**
     * Reads the registry soon instead of at the next poll. Call it when connections fail in a way that suggests a moved
     * database, such as SQLState 08xxx, 57P01 or 25006. Reads at most once a second, however often it is called; never
     * blocks.
     */
    public void lookSoon() {
        loop.lookSoon();
    }

    /**
     * Ends polling, interrupts a busy follower, reports that this instance has stopped, and leaves no thread behind,
     * unless the follower ignores the interrupt. Idempotent; takes at most 5 s; never throws.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            loop.close().get(CLOSE_BOUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{}: closing did not finish in time", name, e);
        }
        control.close();
        workers.shutdown();
        follower.shutdownNow();
        for (AutoCloseable each : owned) {
            try {
                each.close();
            } catch (Exception e) {
                LOG.warn("Closing {} failed", each, e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Name and state; no secret. */
    @Override
    public String toString() {
        WatcherStatus now = status();
        return "RegistryWatcher[" + name + ", " + now.state() + ", version " + now.version() + "]";
    }
}
