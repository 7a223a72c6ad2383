package dev.connectionregistry.samples.vertx;

import io.vertx.sqlclient.Pool;
import java.util.concurrent.atomic.AtomicInteger;

/** A pool that is closed when it was replaced and nothing uses it any more. Thread-safe. */
final class PoolInUse {
    private static final int CLOSED = -1;

    private final Pool pool;
    private final AtomicInteger uses = new AtomicInteger();
    private volatile boolean retired;

    PoolInUse(Pool pool) {
        this.pool = pool;
    }

    Pool pool() {
        return pool;
    }

    /** Counts one more use; false if the pool was replaced. */
    boolean enter() {
        if (uses.getAndUpdate(count -> count == CLOSED ? CLOSED : count + 1) == CLOSED) {
            return false;
        }
        if (retired) {
            leave();
            return false;
        }
        return true;
    }

    void leave() {
        uses.decrementAndGet();
        closeIfUnused();
    }

    /** Closes it now, or with the end of the last use. */
    void retire() {
        retired = true;
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (retired && uses.compareAndSet(0, CLOSED)) {
            pool.close();
        }
    }
}
