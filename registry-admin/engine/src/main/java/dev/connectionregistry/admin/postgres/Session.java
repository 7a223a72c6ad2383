package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * One session on one server, which can write whatever the defaults are. Every call is bounded twice: the server ends a
 * statement when the bound is over; if the server doesn't answer, the socket times out half a second later, and the
 * session is lost. An interrupt is noticed between statements and at pauses; in a statement only the bound ends a wait.
 * Once lost it stays lost. For one thread at a time, except {@link #cancel}.
 */
public final class Session implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 500;
    /** The server's limit for a bound from this length on is up to a tenth shorter, and at most a second. */
    private static final int LONG_MILLIS = 1000;

    private static final int EARLY_PART = 10;

    private static final int MOST_EARLY_MILLIS = 1000;
    /**
     * The server keeps the plan of each query from its first use on: a query that was made before the hold is answered
     * faster in it.
     */
    private static final int AT_ONCE = 1;

    private static final int NEVER = 0;

    private static final String ROLLBACK = "ROLLBACK";

    /**
     * The functions of a view run with the rights of the role that reads it, so a view in place of a table that we
     * count would be a trap.
     */
    private static final String TABLES_ONLY = """
            SELECT set_config(name, 'view', false)
            FROM pg_catalog.pg_settings
            WHERE name = 'restrict_nonsystem_relation_kind'
            """;
    /**
     * For {@link #rolledBack(Deadline, String, Work)}: views are read as well in that transaction, if their authors are
     * trusted, or if the reading role has no rights that the authors don't have. Servers have had this restriction
     * since the patches of August 2024; 10 and 11 don't have it.
     */
    public static final String VIEWS_TOO = """
            SELECT pg_catalog.set_config(name, '', true)
            FROM pg_catalog.pg_settings
            WHERE name = 'restrict_nonsystem_relation_kind'
            """;

    /**
     * Comes first in every session of the administrator: the database's owner chooses the default path, and a role that
     * may create functions, operators or views in it could have its own executed with our rights. So every name of a
     * user's object needs its schema.
     */
    public static final String SEARCH_PATH = "SET search_path = pg_catalog, pg_temp; ";

    private static final String DEFAULTS = SEARCH_PATH + """
            SET default_transaction_read_only = off;
            SET synchronous_commit = on;
            SET idle_in_transaction_session_timeout = 0;
            SET client_min_messages = warning;
            SET standard_conforming_strings = on;
            SELECT set_config(name, '0', false)
            FROM pg_catalog.pg_settings
            WHERE name IN ('idle_session_timeout', 'transaction_timeout');
            ${TABLES_ONLY}
            """.replace("${TABLES_ONLY}", TABLES_ONLY);

    private static final String KEEP_PLANS = """
            SELECT set_config(name, 'force_generic_plan', false)
            FROM pg_catalog.pg_settings
            WHERE name = 'plan_cache_mode'
            """;

    private static final String READ_ONLY_BY_DEFAULT =
            "SELECT reset_val = 'on' FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only'";

    private final Connection connection;
    private final Login login;
    private boolean lost;
    /** The server's limit for a statement, as it was last set; 0 before that. */
    private int toldMillis;

    private Session(Connection connection, Login login) {
        this.connection = connection;
        this.login = login;
    }

    /**
     * Logs in; of several hosts to the primary, see {@link #login}.
     *
     * @throws ServerException {@code REFUSED}, also if there is no server, or {@code TIMED_OUT}
     */
    public static Session open(Login login, String applicationName, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        try {
            Driver.Opened opened = Driver.open(login.plain(), applicationName, end);
            opened.connection().unwrap(PGConnection.class).setPrepareThreshold(AT_ONCE);
            Session session =
                    new Session(opened.connection(), login.at(opened.login().endpoint()));
            session.prepare(end);
            return session;
        } catch (SQLException e) {
            throw PostgresErrors.ofLogin(login, end, e);
        }
    }

    /**
     * From now on the server plans each query once (Postgres 12 and later; earlier ones decide by themselves). For the
     * sessions of a hold, in which planning a query takes longer than answering it.
     */
    public Session keepingPlans(Duration bound) throws ServerException {
        try {
            return call("choose how queries are planned", Remedies.NONE, bound, end -> {
                execute(end, KEEP_PLANS);
                return this;
            });
        } catch (ServerException e) {
            close();
            throw e;
        }
    }

    private void prepare(Deadline bound) throws SQLException {
        try {
            execute(bound, DEFAULTS);
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Whether sessions of this role begin read-only here, such as behind a fence; this one writes all the same. */
    public boolean isReadOnlyByDefault(Deadline bound) throws SQLException {
        return queryOne(bound, READ_ONLY_BY_DEFAULT, row -> row.getBoolean(1));
    }

    /** The work of a call; the caller of this translates SQL failures. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does the work within {@code bound}. */
        T run(Deadline bound) throws SQLException, ServerException, InterruptedException;
    }

    /**
     * Does {@code work} within {@code bound}.
     *
     * @param what for messages, after "can't"
     * @param remedy for messages, if a right is missing
     */
    public <T> T call(String what, String remedy, Duration bound, Work<T> work) throws ServerException {
        String whole = what + " on " + login.endpoint() + " as " + login.username();
        if (lost) {
            throw new ServerException(Kind.SESSION_LOST, "can't " + whole + ": the session was lost before", null);
        }
        Deadline end = Deadline.of(bound);
        try {
            tellServer(end);
            return work.run(end);
        } catch (SQLException e) {
            ServerException failure = failed(PostgresErrors.of(whole, remedy, end, e));
            throw failure.kind() == Kind.TIMED_OUT ? LockHolders.named(failure, this) : failure;
        } catch (InterruptedException e) {
            throw PostgresErrors.interrupted(whole, e);
        }
    }

    /** All rows of a query that is a call by itself; {@code what} and {@code remedy} as for {@link #call}. */
    public <T> List<T> ask(String what, String remedy, Duration bound, String sql, Row<T> row, Object... parameters)
            throws ServerException {
        return call(what, remedy, bound, end -> query(end, sql, row, parameters));
    }

    /** All rows of a query that needs no right. */
    public <T> List<T> ask(String what, Duration bound, String sql, Row<T> row, Object... parameters)
            throws ServerException {
        return ask(what, Remedies.NONE, bound, sql, row, parameters);
    }

    /** The only row of a query that needs no right. */
    public <T> T askOne(String what, Duration bound, String sql, Row<T> row, Object... parameters)
            throws ServerException {
        return call(what, Remedies.NONE, bound, end -> queryOne(end, sql, row, parameters));
    }

    private ServerException failed(ServerException failure) {
        if (failure.kind() == Kind.SESSION_LOST) {
            lost = true;
            close();
        }
        return failure;
    }

    /**
     * Sets the server's own limits, which bound waits for locks as well. A long limit is set a tenth shorter than it
     * could be: then calls in a hold need no round trip for it, if the last call before it had the whole hold budget.
     */
    private void tellServer(Deadline bound) throws SQLException {
        int millis = bound.millisLeft();
        int least = millis > LONG_MILLIS ? millis - Math.min(millis / EARLY_PART, MOST_EARLY_MILLIS) : millis;
        if (toldMillis < least || toldMillis > millis) {
            execute(bound, "SET statement_timeout = " + least + "; SET lock_timeout = " + least);
            toldMillis = least;
        }
    }

    /** Does {@code work} in one transaction, which is committed, or rolled back if anything goes wrong. */
    public <T> T inTransaction(Deadline bound, Work<T> work)
            throws SQLException, ServerException, InterruptedException {
        return transaction(bound, "BEGIN", "COMMIT", work);
    }

    /** As {@link #inTransaction}, with a first statement that costs no extra round trip. */
    public <T> T inTransaction(Deadline bound, String first, Work<T> work)
            throws SQLException, ServerException, InterruptedException {
        return transaction(bound, "BEGIN; " + first, "COMMIT", work);
    }

    /** As {@link #inTransaction(Deadline, Work)}, but never commits. */
    public <T> T rolledBack(Deadline bound, Work<T> work) throws SQLException, ServerException, InterruptedException {
        return transaction(bound, "BEGIN", ROLLBACK, work);
    }

    /** As {@link #rolledBack}, with a setting that ends with the transaction and costs no extra round trip. */
    public <T> T rolledBack(Deadline bound, String setLocal, Work<T> work)
            throws SQLException, ServerException, InterruptedException {
        return transaction(bound, "BEGIN; " + setLocal, ROLLBACK, work);
    }

    private <T> T transaction(Deadline bound, String begin, String end, Work<T> work)
            throws SQLException, ServerException, InterruptedException {
        boolean done = false;
        int told = toldMillis;
        try {
            execute(bound, begin);
            T result = work.run(bound);
            execute(bound, end);
            done = true;
            return result;
        } finally {
            if (!done) {
                rollBack();
            }
            if (!done || end.equals(ROLLBACK)) {
                toldMillis = told; // what was set meanwhile is undone as well
            }
        }
    }

    /** Takes half a second more; if a session can't even do this, its state is unknown. */
    private void rollBack() {
        try {
            execute(Deadline.of(Duration.ofMillis(PATIENCE_MILLIS)), ROLLBACK);
        } catch (SQLException e) {
            lost = true;
            close();
        }
    }

    /** Executes a statement and ignores its result. */
    public void execute(Deadline bound, String sql) throws SQLException {
        limit(bound);
        try (Statement statement = connection.createStatement()) {
            statement.unwrap(PGStatement.class).setPrepareThreshold(NEVER);
            statement.execute(sql);
        }
    }

    /**
     * Sends {@code data} for a {@code COPY ... FROM STDIN}: unlike statements, data sent this way appears in no log and
     * no view.
     */
    public void copyIn(Deadline bound, String sql, String data) throws SQLException {
        limit(bound);
        CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
        try {
            copy.copyIn(sql, new StringReader(data));
        } catch (IOException e) {
            throw new SQLException("the connection was lost", "08006", e);
        }
    }

    /**
     * What a {@code COPY ... TO STDOUT} sends, row for row, up to {@code mostBytes}. The rest is left out; the
     * statement is then cancelled, which fails the transaction that it is in.
     */
    public String copyOut(Deadline bound, String sql, int mostBytes) throws SQLException {
        limit(bound);
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
            if (rows.size() + row.length > mostBytes) {
                copy.cancelCopy();
                break;
            }
            rows.write(row, 0, row.length);
        }
        return rows.toString(StandardCharsets.UTF_8);
    }

    /** Asks the server, from any thread, to end the statement that is under way; it then fails with 57014. */
    public void cancel() {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            // then the statement's bound ends it
        }
    }

    /** Turns a row into a value. */
    @FunctionalInterface
    public interface Row<T> {
        /** The value of the current row. */
        T read(ResultSet row) throws SQLException;
    }

    /** All rows; collections among the parameters become arrays of text. */
    public <T> List<T> query(Deadline bound, String sql, Row<T> row, Object... parameters) throws SQLException {
        limit(bound);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameter(parameters[i]));
            }
            try (ResultSet result = statement.executeQuery()) {
                List<T> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(row.read(result));
                }
                return rows;
            }
        }
    }

    public <T> T queryOne(Deadline bound, String sql, Row<T> row, Object... parameters) throws SQLException {
        List<T> rows = query(bound, sql, row, parameters);
        if (rows.size() != 1) {
            throw new SQLException(rows.size() + " rows where there must be one", "21000");
        }
        return rows.get(0);
    }

    private Object parameter(Object value) throws SQLException {
        if (value instanceof Collection<?> many) {
            return connection.createArrayOf(
                    "text", many.stream().map(String::valueOf).toArray());
        }
        return value;
    }

    private void limit(Deadline bound) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, bound.millisLeft() + PATIENCE_MILLIS);
    }

    /** The login, with the host that was reached. */
    public Login login() {
        return login;
    }

    /** The major version that the server reported at the login. */
    public int major() throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    /** The number of its backend. */
    public int pid() throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    /** Ends the session; idempotent, doesn't wait for the server. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // it should be closed, and it is
        }
    }
}
