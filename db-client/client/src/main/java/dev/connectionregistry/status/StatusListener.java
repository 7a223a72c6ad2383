package dev.connectionregistry.status;

/**
 * Notified of every change of a data source's state, version, endpoint or problem, and of connections that had to be
 * ended; one call at a time, in order, on a thread of its own. An exception of a listener is logged and has no other
 * effect.
 *
 * <p>Code that keeps a connection for long (LISTEN, a job scheduler) moves to another connection here. In a cutover,
 * the listener is notified of {@code PREPARING} first, or at once of {@code HOLDING} if the instance learns of the
 * cutover only during its hold. It must have returned its connections when the call ends: the instance reports
 * {@code READY} for the hold only once every listener has returned (or after 5 s), and the hold waits until nothing is
 * in use. After the hold comes {@code ACTIVE}, on the target or, if the cutover was undone, on the source: the listener
 * can then take connections again. Outside a cutover, a changed {@code generation} means that the pool was replaced.
 */
@FunctionalInterface
public interface StatusListener {
    /**
     * Called after a change.
     *
     * @param previous the status of the listener's previous call
     * @param current the status after the change; by the time of the call the pool may have changed again
     */
    void changed(DataSourceStatus previous, DataSourceStatus current);
}
