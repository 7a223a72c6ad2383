package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;

/** Knows whether the target has what the source had. For one thread. The caller closes it. */
public interface Follower extends AutoCloseable {
    /**
     * What is waited for: {@code slot "registry_orders"}; empty if the target doesn't follow the source at all.
     *
     * @throws ServerException if it should follow and can't, saying why
     */
    String describe(Duration bound) throws ServerException;

    /**
     * Waits until the target has everything that the source had committed when this was called. Nothing if it doesn't follow.
     *
     * @throws ServerException {@code TIMED_OUT} with how far behind it was
     */
    void await(Duration bound) throws ServerException;

    /** How far it is while {@link #await} waits, for people: {@code slot "registry_orders" 12 bytes behind}; may be empty. Any thread may ask. */
    default String standing() {
        return "";
    }

    @Override
    void close();
}
