package dev.connectionregistry.local;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** One at a time. What is done in a turn may take its time; whoever may do it twice doesn't wait for itself. Thread-safe. */
final class Turn {

    private final ReentrantLock lock = new ReentrantLock();

    /** Waits for its turn, and does {@code work}. */
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
