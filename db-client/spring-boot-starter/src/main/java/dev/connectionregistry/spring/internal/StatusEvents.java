package dev.connectionregistry.spring.internal;

import dev.connectionregistry.spring.RegistryStatusEvent;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.status.StatusListener;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Publishes each change of a status as an application event, and remembers the last ones. Publishes nothing before all
 * singletons exist: a listener's bean would be created on the wrong thread. Thread-safe.
 */
final class StatusEvents implements SmartInitializingSingleton {
    private static final int REMEMBERED = 50;

    private final ConfigurableApplicationContext context;
    /** Guarded by "this". */
    private final Map<String, Deque<Change>> changes = new TreeMap<>();

    private volatile boolean listenersAreThere;

    /** A change, and when it was reported. */
    record Change(Instant at, DataSourceStatus previous, DataSourceStatus current) {}

    StatusEvents(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** The listener for the data source with this name. */
    StatusListener of(String name) {
        return (previous, current) -> {
            remember(name, new Change(Instant.now(), previous, current));
            if (listenersAreThere && context.isActive()) {
                context.publishEvent(new RegistryStatusEvent(name, previous, current));
            }
        };
    }

    private synchronized void remember(String name, Change change) {
        Deque<Change> last = changes.computeIfAbsent(name, each -> new ArrayDeque<>());
        if (last.size() == REMEMBERED) {
            last.removeFirst();
        }
        last.addLast(change);
    }

    /** The last changes of one data source, the newest last. */
    synchronized List<Change> last(String name) {
        Deque<Change> last = changes.get(name);
        return last == null ? List.of() : List.copyOf(last);
    }

    @Override
    public void afterSingletonsInstantiated() {
        listenersAreThere = true;
    }
}
