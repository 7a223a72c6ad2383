package dev.connectionregistry.admin.cutover.server;

import java.time.Duration;

/**
 * Hints between the coordinator and the instances, over LISTEN and NOTIFY on the new server. Nothing that they do or don't do
 * changes an outcome; therefore nothing here throws for what the server does. Thread-safe.
 */
public interface Signals extends AutoCloseable {
    /** Without a server: nothing comes, and nothing goes. */
    Signals NONE = new Signals() {
        @Override
        public void send() {}

        @Override
        public boolean await(Duration atMost) throws InterruptedException {
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

    /** Waits for a hint, at most that long; says whether there was one since the last call. */
    boolean await(Duration atMost) throws InterruptedException;

    /** Forgets a hint that came already: it is about what was before. */
    void forget();

    @Override
    void close();
}
