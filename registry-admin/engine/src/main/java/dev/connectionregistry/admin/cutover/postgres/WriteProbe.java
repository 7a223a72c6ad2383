package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Driver;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.PasswordGate;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tries what the fence must refuse, in a session of its own that logs in exactly as the services do. The write is a
 * temporary table: refused in every read-only transaction before any right is looked at, harmless where it isn't, and
 * never committed. Most of the login can be done before callers wait, see {@link #prepare}.
 */
final class WriteProbe implements AutoCloseable {
    private static final String THREAD = "registry-admin-fence-probe";
    private static final Duration PAUSE = Duration.ofMillis(5);
    /** How long a login waits for the fence. A server's own default limit for an unfinished login is a minute, too. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private static final Duration ARRIVAL = Duration.ofSeconds(1);
    /** No room for a session just now, or the server is still ending others. */
    private static final Set<String> TRY_AGAIN = Set.of("53300", "57P03");

    private final Login service;
    private final String applicationName;
    private volatile @Nullable Waiting waiting;

    /** An attempt whose login has gone as far as it can without the fence. */
    private final class Waiting {
        private final PasswordGate gate = new PasswordGate();
        private final BoundedCall<Optional<String>, ServerException> refusal;
        /** What {@link #refusal} may take once the gate is open. */
        private volatile Deadline bound = Deadline.of(LONGEST_WAIT);

        Waiting(FenceKind kind) {
            refusal = BoundedCall.start(THREAD, () -> tried(kind));
        }

        /**
         * Empty if this login proves nothing: it failed, or the server asked for no password, so that the session may
         * be too old.
         */
        private Optional<String> tried(FenceKind kind) throws ServerException {
            try (Connection connection = Driver.connect(service, applicationName, gate, bound)) {
                return gate.isAsked() ? Optional.of(refused(kind, connection, bound)) : Optional.empty();
            } catch (SQLException e) {
                return gate.isAsked() && isLoginRefused(kind, e)
                        ? Optional.of(PostgresErrors.state(e))
                        : Optional.empty();
            }
        }

        /** Lets the login go on, and waits for what comes of it. */
        Optional<String> refusal(Deadline end) throws ServerException {
            if (!gate.isAsked()) {
                giveUp();
                return Optional.empty();
            }
            bound = end;
            gate.open();
            try {
                return refusal.get(end.left());
            } catch (TimeoutException e) {
                giveUp();
                return Optional.empty();
            } catch (InterruptedException e) {
                giveUp();
                throw PostgresErrors.interrupted("try a login as " + service, e);
            }
        }

        /** Ends the login at whatever point it is, even if the server doesn't answer; doesn't wait for the end. */
        void giveUp() {
            gate.abandon();
            refusal.interrupt();
        }
    }

    WriteProbe(Login service, String applicationName) {
        this.service = service;
        this.applicationName = applicationName;
    }

    /**
     * Does the same without a fence, and ignores the result of the write.
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

    /** A write that is refused for lack of a right proves as much as one that succeeds: the login worked. */
    private static boolean isConnected(SQLException e) {
        String state = PostgresErrors.state(e);
        return !state.startsWith("08") && !state.startsWith("28") && !state.startsWith("3D") && !state.startsWith("5");
    }

    /**
     * Begins a login that waits, at the point where the server asks for its password, until {@link #begin}, which uses
     * it instead of a login of its own. Waits a second at most for the login to get there. Does nothing if logins have
     * an authentication plugin of their own. A login that fails is ignored, since {@link #begin} does without.
     */
    void prepare(FenceKind kind) throws InterruptedException {
        close();
        if (PasswordGate.fits(service.properties())) {
            Waiting next = new Waiting(kind);
            waiting = next;
            next.gate.awaitArrival(ARRIVAL);
        }
    }

    /**
     * Tries it on a thread of its own, in a session that begins after this call; see {@link #refusal}. The result is the server's code
     * for the refusal.
     */
    BoundedCall<String, ServerException> begin(FenceKind kind, Deadline bound) {
        Optional<Waiting> prepared = Optional.ofNullable(waiting);
        waiting = null;
        return BoundedCall.start(THREAD, () -> {
            Optional<String> early = prepared.isPresent() ? prepared.get().refusal(bound) : Optional.empty();
            return early.isPresent() ? early.get() : refusal(kind, bound);
        });
    }

    /** Ends a login that waits. */
    @Override
    public void close() {
        Waiting unused = waiting;
        waiting = null;
        if (unused != null) {
            unused.giveUp();
        }
    }

    /**
     * Tries the write, which must be refused.
     *
     * @return the server's code for it
     * @throws ServerException {@code NOT_SO} if it isn't refused, or if something other than the fence refuses it
     */
    private String refusal(FenceKind kind, Deadline bound) throws ServerException {
        while (true) {
            try (Connection connection = Driver.connect(service, applicationName, bound)) {
                return refused(kind, connection, bound);
            } catch (SQLException e) {
                if (isLoginRefused(kind, e)) {
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

    private static boolean isLoginRefused(FenceKind kind, SQLException e) {
        return kind == FenceKind.NO_LOGIN && PostgresErrors.isMissingRight(e);
    }

    private String refused(FenceKind kind, Connection connection, Deadline bound) throws ServerException {
        if (kind == FenceKind.NO_LOGIN) {
            throw notSo("a login as " + service + " was not refused; is the role a superuser, or does it inherit"
                    + " CONNECT from an exempt one?");
        }
        return writeRefused(connection, bound);
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

    private static ServerException failed(String what, @Nullable Exception cause) {
        return new ServerException(Kind.NOT_SO, "it isn't proven that the fence holds: " + what, cause);
    }
}
