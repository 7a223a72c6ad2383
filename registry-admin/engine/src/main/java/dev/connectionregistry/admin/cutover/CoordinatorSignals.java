package dev.connectionregistry.admin.cutover;

import java.time.Duration;

/**
 * Hints between the coordinator and the instances, over LISTEN and NOTIFY on the target. Nothing that they do or don't do
 * changes an outcome; therefore nothing here throws for what the server does. Thread-safe.
 */
public interface CoordinatorSignals extends AutoCloseable {
    /** Without a server: nothing comes, and nothing goes. */
    CoordinatorSignals NONE = new CoordinatorSignals() {
        @Override
        public void send() {}

        @Override
        public boolean await(int hints, Duration atMost) throws InterruptedException {
            Thread.sleep(atMost.toMillis());
            return false;
        }

        @Override
        public void forget() {}

        @Override
        public void close() {}
    };

    /** Tells all who listen that something may be new. */
    void send();

    /**
     * Waits until so many hints have come since the last call, at most {@code atMost}; says whether they have. Whoever may be
     * told by several waits for all of them at once: a look after the first would be in the way of the others' reports.
     */
    boolean await(int hints, Duration atMost) throws InterruptedException;

    /** Forgets the hints that came already: they are about what was before. */
    void forget();

    @Override
    void close();
}
