package dev.connectionregistry.internal.pool;

/**
 * What is measured for each checkout, if the service wants it. Called by callers and by the pool's threads; never
 * blocks.
 */
public interface CheckoutMeters extends AutoCloseable {
    /** A caller got a connection after this many nanoseconds, wherever it waited. */
    void acquired(long nanos);

    /** A caller got no connection in time. */
    void timedOut();

    /** A connection was returned after this many milliseconds. */
    void used(long millis);

    /** A connection was opened within this many milliseconds. */
    void created(long millis);

    /** Removes the meters. */
    @Override
    void close();
}
