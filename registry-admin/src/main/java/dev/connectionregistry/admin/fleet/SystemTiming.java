package dev.connectionregistry.admin.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The machine's clocks, and a stop that wakes every pause. A stop is a flag, not a thread interrupt, so that it can't
 * tear a write to the registry in the middle. Thread-safe.
 */
public final class SystemTiming implements Timing {
    private final CountDownLatch stop = new CountDownLatch(1);

    /** Asks all waits to end; never undone. */
    public void stop() {
        stop.countDown();
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
}
