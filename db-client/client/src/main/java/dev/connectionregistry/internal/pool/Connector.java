package dev.connectionregistry.internal.pool;

import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.ConnectionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;

/**
 * Opens physical connections and ends them on the server. The interface between generations and a database driver;
 * thread-safe.
 */
public interface Connector {
    /**
     * Opens and validates one connection; the caller owns it. Bounded in time.
     *
     * @throws SQLException if the server can't be reached, refuses, or isn't what the settings demand; the message names the
     *     endpoint and the cause, never a password
     */
    Connection open(ConnectionSettings settings) throws SQLException;

    /** As {@link #open}, and returns which server it reached. */
    default Reached openWritable(ConnectionSettings settings) throws SQLException {
        return new Reached(open(settings), false, Optional.empty());
    }

    /**
     * As {@link #open}, but where the settings want a primary, also accepts one that refuses writes, never one in
     * recovery. Nothing sent to such a session may make it write. A driver that knows no read-only servers has nothing
     * to add.
     */
    default Reached openFencedToo(ConnectionSettings settings) throws SQLException {
        return new Reached(open(settings), false, Optional.empty());
    }

    /**
     * A connection that the caller owns.
     *
     * @param readOnly whether its transactions are read-only unless they ask for something else
     * @param server the server that it reached; empty if that isn't known
     */
    record Reached(Connection connection, boolean readOnly, Optional<ServerIdentity> server) {}

    /**
     * How often so far a login with these settings' password was refused, and the next one, with another password, was
     * not. If the number has increased, connections opened before then logged in with an earlier password.
     */
    default long passwordChanges(ConnectionSettings settings) {
        return 0;
    }

    /**
     * Ends on the server what {@code connections} are doing: first cancels their statements, then terminates the
     * sessions that remain and checks that they are gone. If only the client connection were aborted, the backend would
     * keep running and could commit. Bounded in time; never throws because of what the server does.
     */
    Ended end(ConnectionSettings settings, Collection<Connection> connections);

    /**
     * What became of connections that had to be ended.
     *
     * @param cancelled returned by their callers after their statement was cancelled
     * @param terminated sessions that the server ended, proven gone
     * @param unproven sessions that may still be running; the outcome of their work is in doubt
     */
    record Ended(int cancelled, int terminated, int unproven) {
        /** No connection was ended. */
        public static final Ended NONE = new Ended(0, 0, 0);

        /** The sum of this and the result of another server. */
        Ended and(Ended other) {
            return new Ended(cancelled + other.cancelled, terminated + other.terminated, unproven + other.unproven);
        }

        /** All connections that were ended. */
        public int cut() {
            return cancelled + terminated + unproven;
        }
    }
}
