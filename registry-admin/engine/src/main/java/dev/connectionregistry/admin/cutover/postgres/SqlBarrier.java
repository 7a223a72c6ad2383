package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Repeats the operator's query until it returns true: for replicators that are not Postgres' own. Its answer is
 * trusted. Runs in a session of its own, which is opened when it is needed since the fence ends those of the source.
 * Names in the query must be qualified with their schemas, as in every {@link Session}. For one thread.
 */
final class SqlBarrier implements Barrier {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final String sql;
    private final Login login;
    private final String applicationName;
    /** The session of the last {@link #await}, which may be closed by now. */
    private volatile @Nullable Session asking;

    /** The query must return one row with one boolean; on the server of {@code login}. */
    SqlBarrier(String sql, Login login, String applicationName) {
        this.sql = sql;
        this.login = login;
        this.applicationName = applicationName + "/barrier";
    }

    @Override
    public String describe() {
        return "the given query to return true on " + login.endpoint();
    }

    @Override
    public void check(Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        try (Session session = Session.open(login, applicationName, end.left())) {
            ask(session, end);
        }
    }

    @Override
    public String await(SourceServer source, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        try (Session session = Session.open(login, applicationName, end.left())) {
            asking = session;
            askUntilTrue(session, end);
            return "the given query returned true on " + login.endpoint();
        }
    }

    @Override
    public void cancel() {
        Session session = asking;
        if (session != null) {
            session.cancel();
        }
    }

    private void askUntilTrue(Session session, Deadline end) throws ServerException {
        try {
            while (!ask(session, end)) {
                pause(end);
            }
        } catch (ServerException e) {
            // The error of a canceled query names the time that was left for that query, not the whole wait.
            throw e.kind() == Kind.TIMED_OUT ? tooLate(end, e) : e;
        }
    }

    private void pause(Deadline end) throws ServerException {
        if (end.passed()) {
            throw tooLate(end, null);
        }
        try {
            end.pause(PAUSE);
        } catch (InterruptedException e) {
            throw PostgresErrors.interrupted("wait for " + describe(), e);
        }
    }

    private ServerException tooLate(Deadline end, @Nullable ServerException cause) {
        return new ServerException(
                Kind.TIMED_OUT,
                "the given query did not return true on " + login.endpoint() + " within "
                        + end.whole().toMillis() + " ms",
                cause);
    }

    private boolean ask(Session session, Deadline bound) throws ServerException {
        return session.call(
                "ask the given query",
                "grant the run's role what the query reads",
                bound.left(),
                end -> session.rolledBack(
                        end, Session.VIEWS_TOO, within -> session.queryOne(within, sql, SqlBarrier::answer)));
    }

    private static boolean answer(ResultSet row) throws SQLException {
        if (row.getMetaData().getColumnCount() != 1) {
            throw new SQLException("the query returns more than one column; it must return one boolean", "42804");
        }
        Object value = row.getObject(1);
        if (value != null && !(value instanceof Boolean)) {
            throw new SQLException(
                    "the query returns a " + row.getMetaData().getColumnTypeName(1) + "; it must return one boolean",
                    "42804");
        }
        return Boolean.TRUE.equals(value);
    }

    /** Nothing is kept open. */
    @Override
    public void close() {}
}
