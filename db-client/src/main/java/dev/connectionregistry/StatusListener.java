package dev.connectionregistry;

/**
 * Told of every change of a data source's state, version, endpoint or problem, and of connections that had to be cut, one at
 * a time and in order, on a thread of its own. Dedicated connections that the pool doesn't know of (LISTEN, job schedulers) move themselves here. What a
 * listener throws is logged and changes nothing.
 */
@FunctionalInterface
public interface StatusListener {
    /**
     * Called after a change.
     *
     * @param previous the status that the listener was last told
     * @param current the status after the change; the pool may have moved on by the time of the call
     */
    void changed(DataSourceStatus previous, DataSourceStatus current);
}
