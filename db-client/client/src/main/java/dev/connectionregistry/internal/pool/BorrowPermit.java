package dev.connectionregistry.internal.pool;

/**
 * The permission to ask one pool for a connection, for as long as one publication of that pool lasts. The callers let in during
 * it share one instance. Thread-safe.
 */
final class BorrowPermit {
    private final PoolGeneration pool;
    /** Callers that have this turn; guarded by the queue's lock. */
    private int holders;

    /** Turns at {@code pool}, from its publication on. */
    BorrowPermit(PoolGeneration pool) {
        this.pool = pool;
    }

    /** Where to ask. */
    PoolGeneration pool() {
        return pool;
    }

    /**
     * Whether another caller may ask. As many may as connections are idle; if none is, one, who waits inside the pool for the next
     * one that is returned. So two callers never race for the same connection, and they are served in their order. Those who have this turn are counted here, since Hikari's own count forgets each of them for a moment
     * at the end of its slice. Under the queue's lock.
     */
    boolean hasRoom() {
        return pool.hasRoom(holders);
    }

    /** One more caller has it; under the queue's lock. */
    void given() {
        holders++;
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
