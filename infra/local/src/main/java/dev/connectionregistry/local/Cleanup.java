package dev.connectionregistry.local;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Closes resources once, the latest first: at the end, on an error, or on Ctrl-C. A resource that a thread adds after
 * that is closed at once. Thread-safe; nothing is closed while holding its lock.
 */
public final class Cleanup implements AutoCloseable {
    /** Guarded by "this". */
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    /** Guarded by "this". */
    private boolean closed;

    /**
     * Takes over closing a resource. Its {@code close} must be idempotent if {@link #closeNow} may run at the same time
     * as {@link #close}.
     */
    public <T extends AutoCloseable> T add(T resource) {
        synchronized (this) {
            if (!closed) {
                resources.push(resource);
                return resource;
            }
        }
        closeQuietly(resource);
        return resource;
    }

    /**
     * Closes one resource early, and forgets it. Does nothing if {@link #close} has started: that closes all of them in
     * order.
     */
    public void closeNow(AutoCloseable resource) {
        boolean mine;
        synchronized (this) {
            mine = resources.removeIf(each -> each == resource);
        }
        if (mine) {
            closeQuietly(resource);
        }
    }

    /** Whether {@link #close} has started. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /** Idempotent; a second caller returns at once. Continues after a failure and prints it on standard error. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        for (AutoCloseable resource = next(); resource != null; resource = next()) {
            closeQuietly(resource);
        }
    }

    private synchronized @Nullable AutoCloseable next() {
        return resources.poll();
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            System.err.println("cannot clean up " + resource + ": " + e.getMessage());
        }
    }
}
