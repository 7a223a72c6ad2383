package dev.connectionregistry.local;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A reentrant lock for work that may take long. Thread-safe. */
final class Turn {

    private final ReentrantLock lock = new ReentrantLock();

    /** Waits for the turn, then does {@code work}. */
    void run(Runnable work) {
        get(() -> {
            work.run();
            return true;
        });
    }

    /** As {@link #run}, with a result. */
    <T> T get(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
