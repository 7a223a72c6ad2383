package dev.connectionregistry.internal.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The permission to ask one pool for a connection, while one publication of that pool lasts. The callers admitted
 * during it share one instance. Thread-safe.
 */
final class Turn {
    private final PoolGeneration pool;
    private final @Nullable LetThrough through;
    /** Callers that have this turn; guarded by the queue's lock. */
    private final List<Caller> holders = new ArrayList<>();

    /** Turns on {@code pool}, from its publication on. */
    Turn(PoolGeneration pool) {
        this(pool, null);
    }

    /**
     * Turns on a held {@code pool}, for callers that are let through; {@code through} records each that gets something.
     */
    Turn(PoolGeneration pool, @Nullable LetThrough through) {
        this.pool = pool;
        this.through = through;
    }

    /** Where to record what its holders get; null if the gate is open. */
    @Nullable
    LetThrough through() {
        return through;
    }

    /** The pool to ask. */
    PoolGeneration pool() {
        return pool;
    }

    /**
     * Whether another caller may ask: as many as there are idle connections; if there are none, one caller, which waits
     * inside the pool for the next returned connection. So two callers never race for the same connection, and callers
     * are served in order.
     *
     * <p>The holders of this turn are counted here, since Hikari's own count forgets each of them for a moment at the
     * end of its slice. A caller that the pool keeps for another reason ({@link Caller#isKept}) doesn't count, so that
     * it doesn't delay others. Under the queue's lock.
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

    /** One more caller has the turn; under the queue's lock. */
    void given(Caller caller) {
        holders.add(caller);
    }

    /** A caller no longer has the turn; under the queue's lock. */
    void taken(Caller caller) {
        holders.remove(caller);
    }

    /** Whether no caller has the turn; under the queue's lock. */
    boolean isFree() {
        return holders.isEmpty();
    }
}
