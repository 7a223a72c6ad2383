package dev.connectionregistry.internal.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * What callers got although a gate was closed (docs/adr/0041), and which thread got it. One for all gates of a process that one run
 * holds. Nothing of it is touched outside a hold. Thread-safe.
 */
public final class LetThrough {
    private final Queue<Use> uses = new ConcurrentLinkedQueue<>();

    /** One connection or session; {@code lasts} as long as it is in use. */
    private record Use(Thread thread, PoolGeneration pool, BooleanSupplier lasts) {
        boolean isOver() {
            return !lasts.getAsBoolean();
        }
    }

    /** The calling thread got something of {@code pool}, which it has already counted as in use. */
    void add(PoolGeneration pool, BooleanSupplier lasts) {
        uses.removeIf(Use::isOver);
        uses.add(new Use(Thread.currentThread(), pool, lasts));
    }

    /** Whether {@code thread} still has something that it got in this hold. */
    boolean holds(Thread thread) {
        return uses.stream().anyMatch(use -> use.thread() == thread && !use.isOver());
    }

    /** Whether anybody has. */
    public boolean isAny() {
        return uses.stream().anyMatch(use -> !use.isOver());
    }

    /**
     * How many of those in use were taken before the gate was closed, and by whom isn't known; never fewer than there are. Only what was
     * let through before the count and still lasts after it is certain to be among those counted.
     *
     * @param pools what the gate waits for
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
