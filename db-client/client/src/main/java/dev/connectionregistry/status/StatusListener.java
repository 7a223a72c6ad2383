package dev.connectionregistry.status;

/**
 * Told of every change of a data source's state, version, endpoint or problem, and of connections that had to be cut, one at
 * a time and in order, on a thread of its own. What a listener throws is logged and changes nothing.
 *
 * <p>Whatever keeps a connection for long (LISTEN, a job scheduler) moves itself here. In a cutover it is told of
 * {@code PREPARING} first, or at once of {@code HOLDING} by an instance that comes to know of the cutover in its hold, and must
 * have given its connections back when it returns: the instance says that it is
 * {@code READY} for the hold only once every listener has returned (or 5 s later), and the hold waits until nothing is in
 * use. After the hold comes {@code ACTIVE}, on the target or, if the cutover was undone, on the source: then it takes
 * connections again. Outside a cutover a changed {@code generation} says that the pool was replaced.
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
