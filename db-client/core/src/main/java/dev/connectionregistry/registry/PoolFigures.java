package dev.connectionregistry.registry;

/**
 * The figures of a pool at one moment.
 *
 * @param active connections in use
 * @param idle connections not in use
 * @param waiting callers waiting for a connection
 * @param maximumSize the largest number of connections
 * @param minimumIdle how many idle connections the pool keeps; 0 in a report that was read, as reports don't carry it
 */
public record PoolFigures(int active, int idle, int waiting, int maximumSize, int minimumIdle) {
    /** The figures of an instance without a pool. */
    public static final PoolFigures NONE = new PoolFigures(0, 0, 0, 0);

    /** The figures that a report has. */
    public PoolFigures(int active, int idle, int waiting, int maximumSize) {
        this(active, idle, waiting, maximumSize, 0);
    }

    /** The same figures plus more connections in use and more waiting callers. */
    public PoolFigures plus(int moreActive, int moreWaiting) {
        return new PoolFigures(active + moreActive, idle, waiting + moreWaiting, maximumSize, minimumIdle);
    }
}
