package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.status.StatusListener;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Notes when an instance last came to each state. Thread-safe. */
public final class Witness implements StatusListener {
    /** The command is back only when everyone has said so; the listener's own thread may be a little behind. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition noted = lock.newCondition();
    /** Guarded by "lock". */
    private final Map<InstanceState, Instant> moments = new EnumMap<>(InstanceState.class);

    @Override
    public void changed(DataSourceStatus previous, DataSourceStatus current) {
        if (previous.state() != current.state()) {
            lock.lock();
            try {
                moments.put(current.state(), current.since());
                noted.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** When that was; empty if it wasn't yet. */
    public Optional<Instant> seen(InstanceState state) {
        lock.lock();
        try {
            return Optional.ofNullable(moments.get(state));
        } finally {
            lock.unlock();
        }
    }

    /**
     * When that was; waits some seconds for it.
     *
     * @throws BenchmarkException if it wasn't within that time, or the thread was interrupted
     */
    Instant reached(InstanceState state) {
        lock.lock();
        try {
            long rest = PATIENCE.toNanos();
            while (!moments.containsKey(state) && rest > 0) {
                rest = noted.awaitNanos(rest);
            }
            Instant moment = moments.get(state);
            if (moment == null) {
                throw new BenchmarkException(
                        "an instance was not seen to be " + state + " in the cutover; seen: " + moments);
            }
            return moment;
        } catch (InterruptedException e) {
            throw BenchmarkException.interrupted("what the instances saw", e);
        } finally {
            lock.unlock();
        }
    }
}
