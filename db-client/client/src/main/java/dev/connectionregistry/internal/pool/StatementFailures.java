package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.SQLExceptionOverride;
import dev.connectionregistry.settings.ServerRole;
import java.sql.SQLException;

/**
 * Sees every failure of a statement, on the caller's thread and perhaps in an aborted transaction: checks whether it
 * suggests a moved database, and decides whether the connection must be closed. Doesn't ask the server anything.
 *
 * <p>A refused write (25006) may be a program's own mistake in a read-only transaction, which says nothing about the
 * server; the connection then stays. Whether the server itself refuses writes is checked elsewhere, on a separate
 * connection ({@link PoolGeneration#checkRole}); once that is known, each refused write costs its connection.
 */
final class StatementFailures implements SQLExceptionOverride {
    private final ConnectionSource source;

    StatementFailures(ConnectionSource source) {
        this.source = source;
    }

    @java.lang.Override // the interface's own nested type has the same name
    public Override adjudicate(SQLException failure) {
        source.noteIfMoved(failure);
        return MovedDatabaseErrors.isDemoted(failure) && source.settings().role() == ServerRole.PRIMARY
                ? refusedWrite()
                : Override.CONTINUE_EVICT;
    }

    private Override refusedWrite() {
        if (source.fenced()
                .areExpected()) { // the next session would be no better, and callers that only read would wait for it
            return Override.CONTINUE_EVICT;
        }
        // Also if opening a connection has already shown it: the idle ones must be closed as well.
        source.noteWriteRefused();
        return source.health().isRefusingWrites() ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}
