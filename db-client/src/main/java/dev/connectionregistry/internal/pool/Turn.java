package dev.connectionregistry.internal.pool;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The permission to ask one pool for a connection, for as long as one publication of that pool lasts. The callers let in during
 * it share one instance. Thread-safe.
 */
final class Turn {
    private final PoolGeneration pool;
    /** Those that have been let in and have not asked the pool yet; the pool counts them from then on. */
    private final AtomicInteger onTheWay = new AtomicInteger();
    /** Callers that have this turn; guarded by the queue's lock. */
    private int holders;

    /** Turns at {@code pool}, from its publication on. */
    Turn(PoolGeneration pool) {
        this.pool = pool;
    }

    /** Where to ask. */
    PoolGeneration pool() {
        return pool;
    }

    /**
     * Whether another caller may ask. As many may as connections are idle, and one more, who waits inside the pool for the next
     * one that is returned. A caller whom the pool keeps for another reason, such as the probe of a dead connection, doesn't
     * count, so that it holds nobody up.
     */
    boolean hasRoom() {
        return pool.hasRoom(onTheWay.get());
    }

    /** One more caller has it; under the queue's lock. */
    void given() {
        holders++;
        onTheWay.incrementAndGet();
    }

    /** A caller that has it is about to ask the pool for the first time. */
    void asking() {
        onTheWay.decrementAndGet();
    }

    /** A caller doesn't have it any more; under the queue's lock. */
    void taken() {
        holders--;
    }

    /** Whether nobody has it; under the queue's lock. */
    boolean isFree() {
        return holders == 0;
    }
}
