package dev.connectionregistry.internal.pool;

import dev.connectionregistry.settings.ConnectionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether one generation's connections may be read-only, and which of them are. A session that began under a fence
 * stays read-only when the fence is lifted, so it must then be replaced. Thread-safe.
 */
final class FencedSessions {
    private final Connector connector;
    private final ConnectionSettings settings;
    private final ServerObserver signs;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean fenceUp = new AtomicBoolean();
    private volatile AcceptedPrimary accepts;

    FencedSessions(Connector connector, ConnectionSettings settings, AcceptedPrimary accepts, ServerObserver signs) {
        this.connector = connector;
        this.settings = settings;
        this.accepts = accepts;
        this.signs = signs;
    }

    /**
     * Sets what is accepted from now on. Open connections stay; if read-only ones are accepted from now on, their fence
     * is reported.
     */
    void accept(AcceptedPrimary changed) {
        if (accepts == changed) {
            return;
        }
        accepts = changed;
        fenceUp.set(false);
        if (changed == AcceptedPrimary.FENCED_TOO && any()) {
            met();
        }
    }

    /** Opens a connection, of a kind that is accepted at the moment it is open. */
    Connector.Reached begin() throws SQLException {
        if (accepts == AcceptedPrimary.WRITABLE) {
            return connector.openWritable(settings);
        }
        Connector.Reached reached = connector.openFencedToo(settings);
        if (!reached.readOnly()) {
            lifted();
            return reached;
        }
        open.add(reached.connection());
        if (accepts == AcceptedPrimary.WRITABLE) { // no longer accepted: the fence may have been lifted since
            PostgresConnector.closeQuietly(reached.connection());
            return connector.openWritable(settings);
        }
        met();
        return reached;
    }

    private void met() {
        if (fenceUp.compareAndSet(false, true)) {
            signs.fenceMet();
        }
    }

    private void lifted() {
        if (fenceUp.compareAndSet(true, false)) {
            signs.fenceLifted();
        }
    }

    /** Whether new sessions are expected to be read-only, and are accepted nevertheless. */
    boolean areExpected() {
        return accepts == AcceptedPrimary.FENCED_TOO && fenceUp.get();
    }

    /** Whether any is open. */
    boolean any() {
        open.removeIf(ConnectionSource::isClosed);
        return !open.isEmpty();
    }
}
