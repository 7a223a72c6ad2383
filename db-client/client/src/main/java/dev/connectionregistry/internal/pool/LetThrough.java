package dev.connectionregistry.internal.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * What callers got although a gate was closed (docs/adr/0041), and which thread got it. Shared by all gates of a
 * process that one run holds. Not touched outside a hold. Thread-safe.
 */
public final class LetThrough {
    private final Queue<Use> uses = new ConcurrentLinkedQueue<>();

    /** One connection or session; {@code lasts} is true as long as it is in use. */
    private record Use(Thread thread, PoolGeneration pool, BooleanSupplier lasts) {
        boolean isOver() {
            return !lasts.getAsBoolean();
        }
    }

    /** The calling thread got a connection or session of {@code pool}, which it has already counted as in use. */
    void add(PoolGeneration pool, BooleanSupplier lasts) {
        uses.removeIf(Use::isOver);
        uses.add(new Use(Thread.currentThread(), pool, lasts));
    }

    /** Whether {@code thread} still has something that it got during this hold. */
    boolean holds(Thread thread) {
        return uses.stream().anyMatch(use -> use.thread() == thread && !use.isOver());
    }

    /** Whether any thread has. */
    public boolean isAny() {
        return uses.stream().anyMatch(use -> !use.isOver());
    }

    /**
     * How many connections in use were taken before the gate was closed, by unknown threads; never an underestimate.
     * Only what was let through before the count and is still in use after it is certain to be among the connections
     * counted.
     *
     * @param pools the pools that the gate waits for
     */
    public int unknown(List<PoolGeneration> pools) {
        List<Use> before = new ArrayList<>();
        for (Use use : uses) {
            if (pools.contains(use.pool()) && !use.isOver()) {
                before.add(use);
            }
        }
        int unknown = 0;
        for (PoolGeneration pool : pools) {
            unknown += pool.figures().active();
        }
        for (Use use : before) {
            unknown -= use.isOver() ? 0 : 1;
        }
        return Math.max(0, unknown);
    }
}
