package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Driver;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

/**
 * Tries, in a session of its own and logged in exactly as the services do, what the fence is to refuse. The write is a temporary
 * table: refused in every read-only transaction before any right is looked at, harmless where it isn't, and never committed.
 */
final class WriteProbe {
    private static final Duration PAUSE = Duration.ofMillis(5);
    /** No room for a session just now, or the server is still ending others. */
    private static final Set<String> TRY_AGAIN = Set.of("53300", "57P03");

    private final Login service;
    private final String applicationName;

    WriteProbe(Login service, String applicationName) {
        this.service = service;
        this.applicationName = applicationName;
    }

    /**
     * Does the same where there is no fence, and takes no notice of what comes of the write.
     *
     * @throws ServerException if the login fails
     */
    void tryOut(Deadline bound) throws ServerException {
        try (Connection connection = Driver.connect(service, applicationName, bound)) {
            write(connection, bound);
        } catch (SQLException e) {
            if (!isConnected(e)) {
                throw new ServerException(
                        Kind.REFUSED,
                        "the services' login as " + service + " can't be tried from here, but the fence's proof needs"
                                + " it: " + PostgresErrors.text(e) + PostgresErrors.whosePassword(service, e),
                        e);
            }
        }
    }

    /** A write that is refused for lack of a right shows as much as one that isn't: somebody is logged in. */
    private static boolean isConnected(SQLException e) {
        String state = PostgresErrors.state(e);
        return !state.startsWith("08") && !state.startsWith("28") && !state.startsWith("3D") && !state.startsWith("5");
    }

    /**
     * Is refused.
     *
     * @return the server's code for it
     * @throws ServerException {@code NOT_SO} if it isn't, or if something else than the fence is in the way
     */
    String refusal(FenceKind kind, Deadline bound) throws ServerException {
        while (true) {
            try (Connection connection = Driver.connect(service, applicationName, bound)) {
                if (kind == FenceKind.NO_LOGIN) {
                    throw notSo(
                            "a login as " + service + " was not refused; is the role a superuser, or does it inherit"
                                    + " CONNECT from an exempt one?");
                }
                return writeRefused(connection, bound);
            } catch (SQLException e) {
                if (kind == FenceKind.NO_LOGIN && PostgresErrors.isMissingRight(e)) {
                    return PostgresErrors.state(e);
                }
                if (!TRY_AGAIN.contains(PostgresErrors.state(e)) || bound.passed()) {
                    throw failed("the services' login as " + service + " can't be tried: " + PostgresErrors.text(e), e);
                }
            }
            try {
                bound.pause(PAUSE);
            } catch (InterruptedException e) {
                throw PostgresErrors.interrupted("try a login as " + service, e);
            }
        }
    }

    private String writeRefused(Connection connection, Deadline bound) throws ServerException {
        try {
            write(connection, bound);
        } catch (SQLException e) {
            if (PostgresErrors.state(e).equals(PostgresErrors.READ_ONLY)) {
                return PostgresErrors.READ_ONLY;
            }
            throw failed(
                    "a write as " + service + " failed, but not because of the fence: " + PostgresErrors.text(e), e);
        }
        throw notSo(
                "a write as " + service + " was not refused; do its settings, such as the driver property 'options',"
                        + " ask for read-write transactions?");
    }

    private static void write(Connection connection, Deadline bound) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, bound.millisLeft());
            connection.setAutoCommit(false);
            statement.execute("CREATE TEMPORARY TABLE registry_admin_probe (nothing integer)");
            connection.rollback();
        }
    }

    private static ServerException notSo(String what) {
        return failed(what, null);
    }

    private static ServerException failed(String what, @org.jspecify.annotations.Nullable Exception cause) {
        return new ServerException(Kind.NOT_SO, "the fence isn't shown to hold: " + what, cause);
    }
}
