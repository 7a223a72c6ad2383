package dev.connectionregistry.internal.pool;

/** What is measured of each checkout, where a service wants that. Called by callers and by the pool's threads; never blocks. */
public interface CheckoutMeters extends AutoCloseable {
    /** A caller got a connection after so many nanoseconds, wherever it waited. */
    void acquired(long nanos);

    /** A caller got none within its time. */
    void timedOut();

    /** A connection was given back after so many milliseconds. */
    void used(long millis);

    /** A connection was opened within so many milliseconds. */
    void created(long millis);

    /** Removes the meters. */
    @Override
    void close();
}
