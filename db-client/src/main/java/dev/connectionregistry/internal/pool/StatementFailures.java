package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/** Sees every failure of a statement: looks for signs of a moved database, and says whether the connection has to go. */
final class StatementFailures implements SQLExceptionOverride {
    private final ConnectionSource source;

    StatementFailures(ConnectionSource source) {
        this.source = source;
    }

    @java.lang.Override // the interface's own nested type has the same name
    public Override adjudicate(SQLException failure) {
        source.noteIfMoved(failure);
        // While a fence is expected the next session would be no better, and those who only read would wait for it.
        return MovedSigns.isDemoted(failure) && !source.fenced().areExpected()
                ? Override.MUST_EVICT
                : Override.CONTINUE_EVICT;
    }
}
