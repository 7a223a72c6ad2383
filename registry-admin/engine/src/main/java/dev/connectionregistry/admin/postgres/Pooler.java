package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.settings.Endpoint;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

/**
 * Recognises a connection pooler in front of a server. Behind one, a session's statements may go to several backends, a
 * lock may belong to another client at the next statement, and the process id from the login belongs to no backend:
 * nothing that a move proves would hold.
 *
 * <p>A pooler answers the login itself, with a process id of its own, whatever its mode. So that id is compared with
 * the one that the server reports, and again with the next statement, which a transaction pooler may send to another
 * backend.
 */
final class Pooler {
    /**
     * What pgbouncer, Odyssey and PgCat say and no server says; or what a server says to a statement that another
     * client prepared.
     */
    private static final Pattern WORDS = Pattern.compile(
            "unsupported startup parameter|no such database:|no such user|query_wait_timeout|client_login_timeout"
                    + "|server login (?:failed|has been failing)|bouncer|odyssey|pgcat|(?:FATAL|ERROR): pooler",
            Pattern.CASE_INSENSITIVE);

    private static final String DUPLICATE_PREPARED_STATEMENT = "42P05";
    private static final String UNKNOWN_PREPARED_STATEMENT = "26000";
    /** Without operators: the search path is still the one that the database's owner chose. */
    private static final String ASK = """
            SELECT pg_catalog.pg_backend_pid(),
              pg_catalog.concat_ws(':', pg_catalog.host(pg_catalog.inet_server_addr()), pg_catalog.inet_server_port())
            """;

    private Pooler() {}

    /** The backend that answered a statement. */
    private record Backend(int pid, String address) {}

    /**
     * Closes the connection and fails if a pooler is in between.
     *
     * @throws SQLException without an SQLState, naming the pooler and what to do
     */
    static void refuse(Connection connection, Endpoint endpoint) throws SQLException {
        Backend first = ask(connection);
        int said = connection.unwrap(PGConnection.class).getBackendPID();
        Backend other = first.pid() == said ? ask(connection) : first;
        if (other.pid() != said) {
            throw new SQLException(text(endpoint, said, other));
        }
    }

    private static Backend ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ASK)) {
            row.next();
            return new Backend(row.getInt(1), Objects.requireNonNullElse(row.getString(2), ""));
        }
    }

    private static String text(Endpoint endpoint, int said, Backend backend) {
        return "there is a connection pooler at " + endpoint + " (the login said backend " + said
                + ", the server says " + backend.pid() + "); " + advice()
                + (backend.address().isEmpty() ? "" : " (the server itself listens on " + backend.address() + ")");
    }

    /** Advice to append to a failure's message; empty if the message is a server's own. */
    static String advice(SQLException failure) {
        String state = PostgresErrors.state(failure);
        boolean pooled = state.equals(DUPLICATE_PREPARED_STATEMENT)
                || state.equals(UNKNOWN_PREPARED_STATEMENT)
                || Optional.ofNullable(failure.getMessage())
                        .filter(text -> WORDS.matcher(text).find())
                        .isPresent();
        return pooled ? "; this is how a connection pooler such as pgbouncer answers: " + advice() : "";
    }

    private static String advice() {
        return "give the address of the server itself";
    }
}
