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

/** What may pass a gate now, where to, and whose connections there are. Nobody who has its lock does anything slow. Thread-safe. */
final class Traffic {

    /** A fault, or none. */
    enum State {
        OPEN,
        CUT,
        HUNG,
        CLOSED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by "lock", as all below. */
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
     * From now on in this state; returns the connections that there are at this moment.
     *
     * @throws IllegalStateException if it is closed: that is for good
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

    /** As {@link #become} open, without delay. */
    void heal() {
        locked(() -> {
            List<Link> there = become(State.OPEN);
            delay = Duration.ZERO;
            return there;
        });
    }

    /** Holds every piece of data for this long. */
    void delay(Duration value) {
        change(() -> delay = value);
    }

    /** Sends connections made from now on elsewhere. */
    void redirect(InetSocketAddress other) {
        change(() -> target = other);
    }

    /** Lets a new connection in; false if none may come. */
    boolean admit(Link link) {
        return locked(() -> (state == State.OPEN || state == State.HUNG) && links.add(link));
    }

    /** A connection is no more; it passes nothing from now on, nor waits to. */
    void forget(Link link) {
        change(() -> links.remove(link));
    }

    /** How many connections there are. */
    int connections() {
        return locked(links::size);
    }

    /**
     * Waits out a hang and the delay. An interrupt ends it like the connection's end: nobody interrupts these threads but to end
     * them.
     *
     * @return where to connect to; null if the connection isn't one of ours any more
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
                    long ignored = changed.awaitNanos(nanosLeft(since)); // the clock is looked at again
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
