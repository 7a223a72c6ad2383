package dev.connectionregistry.local;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Daemon threads with one owner, which ends their work and then waits for them. Thread-safe. */
final class OwnedThreads {

    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by "lock", as is the field below. */
    private final Set<Thread> running = new HashSet<>();

    private boolean ending;

    /** Threads whose names begin with {@code name}. */
    OwnedThreads(String name) {
        this.name = name;
    }

    /** Runs {@code task} on a separate thread; does nothing once {@link #awaitEnd} was called. */
    void run(String task, Runnable work) {
        Thread thread = new Thread(() -> thenForget(work), name + "-" + task);
        thread.setDaemon(true);
        lock.lock();
        try {
            if (!ending) {
                running.add(thread);
                thread.start();
            }
        } finally {
            lock.unlock();
        }
    }

    private void thenForget(Runnable work) {
        try {
            work.run();
        } finally {
            lock.lock();
            try {
                running.remove(Thread.currentThread());
            } finally {
                lock.unlock();
            }
        }
    }

    private List<Thread> startNoMore() {
        lock.lock();
        try {
            ending = true;
            return List.copyOf(running);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until all threads have ended; their work must be about to end.
     *
     * @throws LocalServerException if one has not ended within {@code timeout}
     */
    void awaitEnd(Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        for (Thread thread : startNoMore()) {
            try {
                thread.join(Math.max(1, deadline.remaining().toMillis()));
            } catch (InterruptedException e) {
                throw LocalServerException.interrupted("the end of " + thread.getName(), e);
            }
            if (thread.isAlive()) {
                throw new LocalServerException(thread.getName() + " had not ended after " + timeout);
            }
        }
    }
}
