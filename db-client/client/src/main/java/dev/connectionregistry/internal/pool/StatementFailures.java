package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.SQLExceptionOverride;
import dev.connectionregistry.settings.ServerRole;
import java.sql.SQLException;

/**
 * Sees every failure of a statement, on the caller's thread and perhaps in an aborted transaction: looks for signs of a moved
 * database, and says whether the connection has to go. Asks the server nothing itself.
 *
 * <p>A refused write (25006) may be a program's own slip in a read-only transaction, which says nothing about the server; the
 * connection stays then. Whether it is the server that takes no writes is asked elsewhere, on a connection of its own
 * ({@link PoolGeneration#checkRole}); once that is known, each refused write costs its connection.
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
                .areExpected()) { // the next session would be no better, and those who only read would wait for it
            return Override.CONTINUE_EVICT;
        }
        // Also where opening a connection has shown it already: the idle ones have to go as well.
        source.noteWriteRefused();
        return source.health().isRefusingWrites() ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}
