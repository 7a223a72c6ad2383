package dev.connectionregistry.internal.pool;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets threads wait until connections may be opened again. Thread-safe. */
final class OpeningPause {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    /** Guarded by "lock", as are all fields below. */
    private boolean paused;

    private boolean never;
    private long begun;

    /** Starts a pause; does nothing after {@link #neverAgain}. */
    void begin() {
        lock.lock();
        try {
            paused = !never;
            begun++;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is a pause now. */
    boolean isOn() {
        lock.lock();
        try {
            return paused;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the pause, if there is one. */
    void end() {
        lock.lock();
        try {
            paused = false;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the pause and allows no other. */
    void neverAgain() {
        lock.lock();
        try {
            never = true;
        } finally {
            lock.unlock();
        }
        end();
    }

    /**
     * Waits while there is a pause.
     *
     * @return how many pauses have started so far, for {@link #begunSince}
     * @throws InterruptedException if the thread is interrupted before or meanwhile
     */
    long await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (paused) {
                ended.await();
            }
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a pause has started after {@link #await} returned {@code count}. */
    boolean begunSince(long count) {
        lock.lock();
        try {
            return begun != count;
        } finally {
            lock.unlock();
        }
    }
}
