package dev.connectionregistry.internal.pool;

import dev.connectionregistry.registry.ServerIdentity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server says about itself and about a new session, in one round trip.
 *
 * @param inRecovery whether it is a standby
 * @param readOnly whether the session's transactions are read-only unless they ask for something else
 * @param identity which server and database it is
 */
record ServerFacts(boolean inRecovery, boolean readOnly, ServerIdentity identity) {
    private static final String ASK = """
            SELECT pg_catalog.pg_is_in_recovery(),
                   pg_catalog.current_setting('transaction_read_only'),
                   (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()),
                   pg_catalog.current_database(),
                   pg_catalog.pg_postmaster_start_time(),
            """;

    private static final String WITH_IDENTIFIER =
            ASK + "(SELECT system_identifier::text FROM pg_catalog.pg_control_system())";
    private static final String WITHOUT_IDENTIFIER = ASK + "NULL";

    /**
     * Somebody revoked the right to ask from PUBLIC, or the function doesn't exist (42xxx); or a server of an earlier
     * version was just writing its control file (XXxxx).
     */
    private static final Set<String> UNANSWERABLE = Set.of("42", "XX");

    /** Asks the server at the other end of {@code connection}, which has no transaction. */
    static ServerFacts of(Connection connection) throws SQLException {
        try {
            return ask(connection, WITH_IDENTIFIER);
        } catch (SQLException e) {
            String state = e.getSQLState();
            if (state != null && state.length() == 5 && UNANSWERABLE.contains(state.substring(0, 2))) {
                return ask(connection, WITHOUT_IDENTIFIER);
            }
            throw e;
        }
    }

    private static ServerFacts ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            Instant startedAt = row.getObject(5, OffsetDateTime.class).toInstant();
            ServerIdentity identity = new ServerIdentity(
                    Optional.ofNullable(row.getString(6)), row.getLong(3), row.getString(4), startedAt);
            return new ServerFacts(row.getBoolean(1), row.getString(2).equals("on"), identity);
        }
    }

    /** Why the server is no primary; null if it is one. */
    @Nullable
    String refusal(AcceptedPrimary accepts) {
        if (inRecovery) {
            return "is in recovery (a standby)";
        }
        return readOnly && accepts == AcceptedPrimary.WRITABLE ? "is read-only" : null;
    }
}
