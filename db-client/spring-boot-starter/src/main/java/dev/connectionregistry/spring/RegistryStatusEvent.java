package dev.connectionregistry.spring;

import dev.connectionregistry.status.DataSourceStatus;

/**
 * Published as an application event at every change of a data source's status, in order, on the data source's listener thread,
 * once the application has started and until it closes. As with {@link dev.connectionregistry.status.StatusListener}, in a cutover
 * {@code PREPARING} comes first, and what keeps connections for long must have given them back when its listener returns.
 *
 * @param name the name that the data source's {@code @Qualifier} has; of the primary one the database's
 * @param previous the status before
 * @param current the status after
 */
public record RegistryStatusEvent(String name, DataSourceStatus previous, DataSourceStatus current) {
    /** Whether the data source does something else now: another state, version or pool; otherwise only a problem came or went. */
    public boolean isTransition() {
        return previous.state() != current.state()
                || previous.version() != current.version()
                || previous.generation() != current.generation();
    }
}
