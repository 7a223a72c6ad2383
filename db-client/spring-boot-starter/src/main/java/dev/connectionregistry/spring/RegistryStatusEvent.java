package dev.connectionregistry.spring;

import dev.connectionregistry.status.DataSourceStatus;

/**
 * Published as an application event at every change of a data source's status, in order, on the data source's listener
 * thread, after the application has started and until it closes. As with
 * {@link dev.connectionregistry.status.StatusListener}, {@code PREPARING} comes first in a cutover, and code that keeps
 * connections for long must have returned them when its listener returns.
 *
 * @param name the data source's {@code @Qualifier} name; for the primary one, the database's name
 * @param previous the status before
 * @param current the status after
 */
public record RegistryStatusEvent(String name, DataSourceStatus previous, DataSourceStatus current) {
    /** Whether state, version or pool changed; if not, only a problem began or ended. */
    public boolean isTransition() {
        return previous.state() != current.state()
                || previous.version() != current.version()
                || previous.generation() != current.generation();
    }
}
