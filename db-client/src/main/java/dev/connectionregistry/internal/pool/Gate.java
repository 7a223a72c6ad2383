package dev.connectionregistry.internal.pool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where callers go who find no pool to borrow from: during a hold they wait here, otherwise they hear that nothing is open.
 *
 * <pre>
 *   SHUT ──open──► OPEN ◄──open── HELD        SHUT: before the first pool and after the end
 *     ▲             │ └────hold────►│
 *     └────shut─────┴───────shut────┘
 * </pre>
 *
 * <p>Callers wait without polling and are let through in the order in which they came: the lock is fair and a condition
 * wakes its waiters in order. Neither pins a virtual thread. Nobody does anything slow while it has the lock, so those who
 * move the gate aren't kept waiting. Thread-safe.
 */
final class Gate {
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition moved = lock.newCondition();
    /** Guarded by "lock", as all below. */
    private boolean shut = true;

    private @Nullable Hold hold;
    private Duration patience = Duration.ZERO;
    /** Written under "lock"; read without, since its turn would come after that of everybody who is let through. */
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * A gate that is closed for a while.
     *
     * @param cutover which cutover closed it
     * @param since since when, on the monotonic clock in nanoseconds
     */
    record Hold(String cutover, long since) {
        /** For how long it has been closed. */
        Duration closedFor() {
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }

    /**
     * Closes the gate for a while. If it is so already only the name changes: nobody's time begins anew.
     *
     * @param atMost how long callers may wait who come while it is closed
     */
    void hold(String cutover, Duration atMost) {
        lock.lock();
        try {
            Hold before = hold;
            hold = new Hold(cutover, before == null ? System.nanoTime() : before.since());
            patience = before == null ? atMost : patience;
        } finally {
            lock.unlock();
        }
    }

    /** Lets everybody through; the pool must be there already. {@code atMost} is how long its callers may wait. */
    void open(Duration atMost) {
        move(false, atMost);
    }

    /** Sends everybody away, for good. */
    void shut() {
        move(true, Duration.ZERO);
    }

    private void move(boolean toShut, Duration atMost) {
        lock.lock();
        try {
            shut = toShut;
            hold = null;
            patience = atMost;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What a caller may wait who comes to the gate first of all. */
    Patience patience() {
        lock.lock();
        try {
            return Patience.of(patience);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a hold is in force. */
    boolean isHeld() {
        lock.lock();
        try {
            return hold != null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is served: not yet, or not any more. */
    boolean isShut() {
        lock.lock();
        try {
            return shut;
        } finally {
            lock.unlock();
        }
    }

    /** How many callers wait here now. Never blocks. */
    int waiting() {
        return waiting.get();
    }

    /**
     * Waits while the gate is held, at most for what is left of the caller's patience.
     *
     * @param through run when the caller is let through, before the next one is; may do nothing slow
     * @return null if the caller is let through; else the hold that outlasted its patience
     * @throws InterruptedException if the thread is interrupted, before or meanwhile
     */
    @Nullable
    Hold pass(Patience caller, Runnable through) throws InterruptedException {
        lock.lockInterruptibly();
        waiting.incrementAndGet();
        try {
            while (hold != null) {
                long left = caller.leftNanos();
                if (left <= 0) {
                    return hold;
                }
                moved.awaitNanos(left);
            }
            through.run();
            return null;
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }
}
