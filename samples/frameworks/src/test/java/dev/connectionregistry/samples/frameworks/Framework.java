package dev.connectionregistry.samples.frameworks;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A library that is given pieces of work all the time; each writes its identifier to the table
 * {@code work}. Methods are for the test's thread, {@link #done} and {@link #failed} for any.
 */
abstract class Framework {
    /** Between two pieces of work: enough for load, and not so much that the machine does nothing else. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String name;
    private final Set<String> given = ConcurrentHashMap.newKeySet();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger done = new AtomicInteger();
    private final int mostOpen;
    private final Semaphore open;
    private final Thread feeder;
    private volatile boolean ending;

    /**
     * For this many pieces of work that may be open at once.
     *
     * @param mostOpen enough for a job queue to find some whenever it looks
     */
    Framework(String name, int mostOpen) {
        this.name = name;
        this.mostOpen = mostOpen;
        open = new Semaphore(mostOpen);
        feeder = new Thread(this::feed, name + "-feeder");
    }

    /** Does a piece of work, or leaves it to a job; done() is called afterwards. */
    abstract void give(String id) throws Exception;

    /** Ends its threads; the data sources are the test's. */
    void end() throws Exception {}

    final void start() {
        feeder.start();
    }

    private void feed() {
        for (int i = 1; !ending; i++) {
            try {
                if (open.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    String id = name + "-" + i;
                    given.add(id);
                    give(id);
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            } catch (Exception e) {
                failed(e);
            }
        }
    }

    final void done() {
        done.incrementAndGet();
        open.release();
    }

    /** A piece of work has failed, or something that the library does by itself. */
    final void failed(Throwable cause) {
        failures.add(cause);
    }

    /** Waits until so many more pieces of work are done. */
    void awaitMore(int pieces) {
        int wanted = done.get() + pieces;
        await(name).atMost(LIMIT).until(() -> done.get() >= wanted || !failures.isEmpty());
    }

    /** Gives it nothing more, and waits until everything is done. */
    final void finish() throws InterruptedException {
        ending = true;
        feeder.join();
        await(name).atMost(LIMIT).until(() -> open.availablePermits() >= mostOpen || !failures.isEmpty());
    }

    /** The identifiers of all work that it was given. */
    final Set<String> given() {
        return given;
    }

    final Queue<Throwable> failures() {
        return failures;
    }

    @Override
    public final String toString() {
        return name;
    }
}
