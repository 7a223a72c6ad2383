package dev.connectionregistry.admin.common;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * The machine's clocks, and a stop that wakes every pause. A stop is a flag, not a thread interrupt, so that it can't
 * tear a write to the registry in the middle. Thread-safe.
 */
public final class SystemTiming implements Timing {
    /** Longer than one call on the registry may take. */
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final List<Runnable> onStop = new CopyOnWriteArrayList<>();
    private volatile Duration patience = USUAL_PATIENCE;

    /** Asks all waits to end; never undone. */
    public void stop() {
        stop.countDown();
        onStop.removeIf(task -> {
            task.run();
            return true;
        });
    }

    @Override
    public Registration onStop(Runnable task) {
        Runnable once = new FutureTask<>(task, null); // a stop at this moment may run it as well
        onStop.add(once);
        if (stopped()) {
            once.run();
        }
        return () -> onStop.remove(once);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public boolean pause(Duration duration) {
        try {
            return !stop.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
            return false;
        }
    }

    @Override
    public boolean stopped() {
        return stop.getCount() == 0;
    }

    @Override
    public boolean rest(Duration duration) {
        try {
            return !never.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** {@inheritDoc} That is: collects garbage. The first collection is due some seconds after the start, and stops all threads. */
    @Override
    public void settle() {
        System.gc();
    }

    @Override
    public void stopTakes(Duration atMost) {
        patience = atMost;
    }

    /** How long the process that stopped this program should wait for it to end by itself. */
    public Duration stopPatience() {
        return patience;
    }
}
