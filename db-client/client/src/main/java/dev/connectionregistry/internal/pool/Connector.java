package dev.connectionregistry.internal.pool;

import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.ConnectionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;

/**
 * Opens physical connections and ends them on the server. The seam between generations and a database driver; thread-safe.
 */
public interface Connector {
    /**
     * Opens and validates one connection; the caller owns it. Bounded in time.
     *
     * @throws SQLException if the server can't be reached, refuses, or isn't what the settings demand; the message names the
     *     endpoint and the cause, never a password
     */
    Connection open(ConnectionSettings settings) throws SQLException;

    /** As {@link #open}, and says which server it was. */
    default Reached openWritable(ConnectionSettings settings) throws SQLException {
        return new Reached(open(settings), false, Optional.empty());
    }

    /**
     * As {@link #open}, but where the settings want a primary takes one that refuses writes as well; never one in recovery. What
     * is asked of such a session must not make it write. A driver that knows no read-only servers has nothing to add.
     */
    default Reached openFencedToo(ConnectionSettings settings) throws SQLException {
        return new Reached(open(settings), false, Optional.empty());
    }

    /**
     * A connection that the caller owns.
     *
     * @param readOnly whether its transactions are read-only unless they ask for something else
     * @param server which server it goes to; empty if that can't be told
     */
    record Reached(Connection connection, boolean readOnly, Optional<ServerIdentity> server) {}

    /**
     * How often so far a login with these settings' password was refused and the next one, with what had taken its place, was not.
     * If it is greater than it was, connections opened before have logged in with an earlier password.
     */
    default long passwordChanges(ConnectionSettings settings) {
        return 0;
    }

    /**
     * Ends, on the server, what {@code connections} are doing: first their statements are cancelled, then the sessions that
     * are still there are terminated and looked for. An aborted client connection alone would leave its backend running and
     * committing. Bounded in time; never throws for what the server does.
     */
    Ended end(ConnectionSettings settings, Collection<Connection> connections);

    /**
     * What became of connections that had to be cut.
     *
     * @param cancelled given back by their callers after their statement was cancelled
     * @param terminated sessions that the server ended, proven gone
     * @param unproven sessions of which it is unknown whether they still run; the outcome of their work is in doubt
     */
    record Ended(int cancelled, int terminated, int unproven) {
        /** Nothing was cut. */
        public static final Ended NONE = new Ended(0, 0, 0);

        /** These and those of another server. */
        Ended and(Ended other) {
            return new Ended(cancelled + other.cancelled, terminated + other.terminated, unproven + other.unproven);
        }

        /** All that were cut. */
        public int cut() {
            return cancelled + terminated + unproven;
        }
    }
}
