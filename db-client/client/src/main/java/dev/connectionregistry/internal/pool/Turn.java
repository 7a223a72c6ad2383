package dev.connectionregistry.internal.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The permission to ask one pool for a connection, for as long as one publication of that pool lasts. The callers let in during
 * it share one instance. Thread-safe.
 */
final class Turn {
    private final PoolGeneration pool;
    private final @Nullable LetThrough through;
    /** Callers that have this turn; guarded by the queue's lock. */
    private final List<Caller> holders = new ArrayList<>();

    /** Turns at {@code pool}, from its publication on. */
    Turn(PoolGeneration pool) {
        this(pool, null);
    }

    /** Turns at a held {@code pool}, for those that are let through; each that gets something is noted in {@code through}. */
    Turn(PoolGeneration pool, @Nullable LetThrough through) {
        this.pool = pool;
        this.through = through;
    }

    /** Where to note what its holders get; null if the gate is open. */
    @Nullable
    LetThrough through() {
        return through;
    }

    /** Where to ask. */
    PoolGeneration pool() {
        return pool;
    }

    /**
     * Whether another caller may ask: as many as connections are idle; if none is, one, who waits inside the pool for the next
     * one that is returned. So two callers never race for the same connection, and they are served in their order.
     *
     * <p>Those who have this turn are counted here, since Hikari's own count forgets each of them for a moment at the end of its
     * slice. A caller whom the pool keeps for another reason ({@link Caller#isKept}) doesn't count, so that it holds nobody up.
     * Under the queue's lock.
     */
    boolean hasRoom() {
        long now = System.nanoTime();
        int asking = 0;
        for (Caller each : holders) {
            if (!each.isKept(now)) {
                asking++;
            }
        }
        return pool.hasRoom(asking);
    }

    /** One more caller has it; under the queue's lock. */
    void given(Caller caller) {
        holders.add(caller);
    }

    /** A caller doesn't have it any more; under the queue's lock. */
    void taken(Caller caller) {
        holders.remove(caller);
    }

    /** Whether nobody has it; under the queue's lock. */
    boolean isFree() {
        return holders.isEmpty();
    }
}
