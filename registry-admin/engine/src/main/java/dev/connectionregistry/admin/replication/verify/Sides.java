package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.verify.TableSide.Follower;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The two servers at work side by side, on a thread each, while the caller's looks on: it hears every tenth of a second how long that
 * takes, and ends what runs when the operator stops. For one thread. Owns the threads and what was opened.
 */
final class Sides implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration CANCEL = Duration.ofSeconds(5);

    private final TableSide.Opened opened;
    private final Timing timing;
    private final Runnable tick;
    private final ExecutorService onSource = thread("verify-source");
    private final ExecutorService onTarget = thread("verify-target");

    Sides(TableSide.Opened opened, Timing timing, Runnable tick) {
        this.opened = opened;
        this.timing = timing;
        this.tick = tick;
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What is to be done on a server. */
    @FunctionalInterface
    interface Work<T> {
        T on(TableSide side) throws ServerException;
    }

    /** The result of it on each. */
    record Both<T>(T source, T target) {}

    /** The same on both; waits for both, also if one fails. */
    <T> Both<T> both(Work<T> source, Work<T> target) throws ServerException {
        Future<T> one = onSource.submit(() -> source.on(opened.source()));
        Future<T> other = onTarget.submit(() -> target.on(opened.target()));
        await(one);
        await(other);
        return new Both<>(result(one), result(other));
    }

    <T> T source(Work<T> work) throws ServerException {
        Future<T> one = onSource.submit(() -> work.on(opened.source()));
        await(one);
        return result(one);
    }

    <T> T target(Work<T> work) throws ServerException {
        Future<T> one = onTarget.submit(() -> work.on(opened.target()));
        await(one);
        return result(one);
    }

    /** See {@link Follower#describe}. */
    String describe(Duration bound) throws ServerException {
        return source(side -> opened.follower().describe(bound));
    }

    /** See {@link Follower#await}. */
    void awaitFollowing(Duration bound) throws ServerException {
        source(side -> {
            opened.follower().await(bound);
            return true;
        });
    }

    /** See {@link Follower#standing}. */
    String standing() {
        return opened.follower().standing();
    }

    private void await(Future<?> future) {
        while (!future.isDone()) {
            if (timing.stopped()) {
                opened.source().cancel(CANCEL);
                opened.target().cancel(CANCEL);
                throw interrupted();
            }
            look(future);
            tick.run();
        }
    }

    private static void look(Future<?> future) {
        try {
            future.get(LOOK.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException | ExecutionException e) {
            // asked again by the caller
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    static OperationException interrupted() {
        return new OperationException(
                Reason.INTERRUPTED,
                "stopped before all tables were compared",
                "give the command again; it changes nothing");
    }

    private static <T> T result(Future<T> future) throws ServerException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ServerException failure) {
                throw failure;
            }
            throw new IllegalStateException("reading a table went wrong", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    @Override
    public void close() {
        onSource.shutdownNow();
        onTarget.shutdownNow();
        opened.source().close();
        opened.target().close();
        opened.follower().close();
    }
}
