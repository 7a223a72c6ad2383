package dev.connectionregistry.admin.history.stage;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what was started, the latest first, also what comes after a failure. For one thread. */
final class Cleanup implements AutoCloseable {
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** Takes over the closing. */
    <T extends AutoCloseable> T add(T resource) {
        resources.push(resource);
        return resource;
    }

    /**
     * Closes everything.
     *
     * @throws IllegalStateException with the first failure as cause and the others suppressed
     */
    @Override
    public void close() {
        IllegalStateException failed = null;
        for (AutoCloseable resource = resources.poll(); resource != null; resource = resources.poll()) {
            try {
                resource.close();
            } catch (Exception e) {
                if (failed == null) {
                    failed = new IllegalStateException("cannot clean up " + resource, e);
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
