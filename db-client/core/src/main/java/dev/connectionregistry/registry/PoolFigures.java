package dev.connectionregistry.registry;

/**
 * A pool at one moment.
 *
 * @param active connections in use
 * @param idle connections waiting for use
 * @param waiting callers waiting for a connection
 * @param maximumSize how many connections there may be
 */
public record PoolFigures(int active, int idle, int waiting, int maximumSize) {
    /** Of an instance that has no pool. */
    public static final PoolFigures NONE = new PoolFigures(0, 0, 0, 0);
}
