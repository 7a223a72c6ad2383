package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.secrets.SecretException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/** Tells what a server's error means. Pure. */
public final class PostgresErrors {
    /** SQLState: a right is missing. */
    public static final String NO_RIGHT = "42501";
    /** SQLState: the password is wrong. */
    public static final String WRONG_PASSWORD = "28P01";

    private static final String NOT_LET_IN = "28";
    /** SQLState: a write in a read-only transaction. */
    public static final String READ_ONLY = "25006";
    /** Ended by an administrator, a crash or a shutdown; timed out by the server while idle. */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Set<String> OUT_OF_TIME = Set.of("57014", LOCK_NOT_AVAILABLE);

    private PostgresErrors() {}

    /** The SQLState; empty if there is none. */
    public static String state(SQLException failure) {
        return Objects.requireNonNullElse(failure.getSQLState(), "");
    }

    /** Whether the session is gone. */
    public static boolean isLoss(SQLException failure) {
        String state = state(failure);
        return state.startsWith("08") || ENDED.contains(state) || failure.getCause() instanceof IOException;
    }

    /** Whether the server says that a right is missing. */
    public static boolean isMissingRight(SQLException failure) {
        return state(failure).equals(NO_RIGHT);
    }

    /**
     * A failure in our words.
     *
     * @param what what was tried and where: {@code raise the fence on db1:5432/orders as admin}
     * @param remedy what to do if a right is missing; may be empty
     */
    public static ServerException of(String what, String remedy, Deadline bound, SQLException failure) {
        if (isLoss(failure)) {
            return new ServerException(
                    Kind.SESSION_LOST, "session lost: can't " + what + ": " + text(failure), failure);
        }
        if (OUT_OF_TIME.contains(state(failure))) {
            return new ServerException(
                    Kind.TIMED_OUT,
                    "can't " + what + " within " + waited(bound, failure).toMillis() + " ms: " + text(failure),
                    failure);
        }
        String next = isMissingRight(failure) && !remedy.isEmpty() ? "; " + remedy : "";
        return new ServerException(Kind.REFUSED, "can't " + what + ": " + text(failure) + next, failure);
    }

    /** A wait for a lock may be shorter than the whole call. */
    private static Duration waited(Deadline bound, SQLException failure) {
        return state(failure).equals(LOCK_NOT_AVAILABLE) ? bound.whole().minus(bound.left()) : bound.whole();
    }

    /** The failure of a login, which can't be a lost session, since there was none. */
    public static ServerException ofLogin(Login login, Deadline bound, SQLException failure) {
        boolean late = bound.passed() || OUT_OF_TIME.contains(state(failure));
        String next = isMissingRight(failure)
                ? "; grant it with: GRANT CONNECT ON DATABASE "
                        + Sql.identifier(login.endpoint().databaseName()) + " TO "
                        + Sql.identifier(login.username())
                : "";
        return new ServerException(
                late ? Kind.TIMED_OUT : Kind.REFUSED,
                "can't log in as " + login + (late ? " within " + bound.whole().toMillis() + " ms" : "") + ": "
                        + text(failure) + next + whosePassword(login, failure) + Pooler.advice(failure),
                failure);
    }

    /** Where the password was found that a server refused, so that nobody has to guess; empty for any other failure. */
    public static String whosePassword(Login login, SQLException failure) {
        boolean refused = state(failure).startsWith(NOT_LET_IN) && !isPasswordMissing(failure);
        String where = login.password().where();
        return refused && !where.isEmpty() ? "; the password was that of " + where : "";
    }

    /** Whether there was no password to log in with, so that the server was never asked. */
    public static boolean isPasswordMissing(SQLException failure) {
        return failure.getCause() instanceof SecretException;
    }

    /** The failure of a wait that was interrupted; the thread stays interrupted. */
    public static ServerException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ServerException(Kind.TIMED_OUT, "interrupted; tried to " + what, cause);
    }

    /** The server's words with their code. */
    public static String text(SQLException failure) {
        String state = state(failure);
        Throwable cause = failure.getCause();
        String root = cause instanceof IOException ? " (" + cause.getMessage() + ")" : "";
        return failure.getMessage() + root + (state.isEmpty() ? "" : " [" + state + "]");
    }
}
