package dev.connectionregistry.local;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What may pass a gate now, where it goes, and the current connections. Nothing slow is done while holding its lock.
 * Thread-safe.
 */
final class Traffic {

    /** The simulated fault, or none. */
    enum State {
        OPEN,
        CUT,
        HUNG,
        CLOSED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by "lock", as are all fields below. */
    private final Set<Link> links = new HashSet<>();

    private State state = State.OPEN;
    private Duration delay = Duration.ZERO;
    private InetSocketAddress target;

    Traffic(InetSocketAddress target) {
        this.target = target;
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        locked(() -> {
            change.run();
            changed.signalAll();
            return true;
        });
    }

    /**
     * Sets the state; returns the connections that exist at this moment.
     *
     * @throws IllegalStateException if it is closed, which is final
     */
    List<Link> become(State next) {
        return locked(() -> {
            if (state == State.CLOSED && next != State.CLOSED) {
                throw new IllegalStateException("The gate is closed");
            }
            state = next;
            changed.signalAll();
            return List.copyOf(links);
        });
    }

    /** As {@link #become} with the open state, and without delay. */
    void heal() {
        locked(() -> {
            List<Link> there = become(State.OPEN);
            delay = Duration.ZERO;
            return there;
        });
    }

    /** Delays all data by this much. */
    void delay(Duration value) {
        change(() -> delay = value);
    }

    /** Sends new connections elsewhere. */
    void redirect(InetSocketAddress other) {
        change(() -> target = other);
    }

    /** Admits a new connection; false if none is allowed. */
    boolean admit(Link link) {
        return locked(() -> (state == State.OPEN || state == State.HUNG) && links.add(link));
    }

    /** Forgets a connection: it forwards nothing from now on, and doesn't wait to. */
    void forget(Link link) {
        change(() -> links.remove(link));
    }

    /** How many connections there are. */
    int connections() {
        return locked(links::size);
    }

    /**
     * Waits until a hang and the delay are over. An interrupt ends the wait like the connection's end: these threads
     * are only interrupted to end them.
     *
     * @return where to connect to; null if the connection is no longer ours
     */
    @Nullable
    InetSocketAddress awaitPassage(Link link) {
        lock.lock();
        try {
            long since = System.nanoTime();
            while (links.contains(link) && (state != State.OPEN || nanosLeft(since) > 0)) {
                if (state != State.OPEN) {
                    changed.await();
                } else {
                    long ignored = changed.awaitNanos(nanosLeft(since)); // the clock is read again
                }
            }
            return links.contains(link) ? target : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    private long nanosLeft(long since) {
        return delay.toNanos() - (System.nanoTime() - since);
    }

    @Override
    public String toString() {
        return locked(() -> state + " to " + target);
    }
}
