package dev.connectionregistry.registry;

/**
 * A pool at one moment.
 *
 * @param active connections in use
 * @param idle connections waiting for use
 * @param waiting callers waiting for a connection
 * @param maximumSize how many connections there may be
 * @param minimumIdle how many idle connections the pool keeps; 0 in a report that was read, as reports don't carry it
 */
public record PoolFigures(int active, int idle, int waiting, int maximumSize, int minimumIdle) {
    /** Of an instance that has no pool. */
    public static final PoolFigures NONE = new PoolFigures(0, 0, 0, 0);

    /** What a report says. */
    public PoolFigures(int active, int idle, int waiting, int maximumSize) {
        this(active, idle, waiting, maximumSize, 0);
    }

    /** The same, with others beside what is in use and what waits. */
    public PoolFigures plus(int moreActive, int moreWaiting) {
        return new PoolFigures(active + moreActive, idle, waiting + moreWaiting, maximumSize, minimumIdle);
    }
}
