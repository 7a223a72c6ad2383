package dev.connectionregistry.local;

import dev.connectionregistry.local.LocalPostgresBuilder.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A real Postgres server on loopback, with its own data directory.
 *
 * <p>It is set up as the source or target of a move: {@code wal_level=logical}, room for 20 replication slots, 200
 * connections. Every connection must give its password (scram-sha-256), even from this machine. The server ends with
 * the JVM that started it, even if that JVM is killed, and its data directory is then deleted.
 *
 * <p>Thread-safe. The caller owns the server and must {@link #close()} it.
 */
public final class LocalPostgres implements AutoCloseable {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final int major;
    private final int scramIterations;
    private final String password;
    private final Postmaster postmaster;
    private final Turn turn = new Turn();
    /** Guarded by "turn". */
    private boolean closed;

    private LocalPostgres(Settings settings) {
        this.major = settings.major();
        this.scramIterations = settings.scramIterations();
        this.postmaster = new Postmaster(settings);
        LocalPostgresBuilder.Upstream upstream = settings.upstream();
        this.password = upstream == null ? Secrets.random() : upstream.server().password();
    }

    /**
     * Starts a server on a free port and waits until it accepts connections.
     *
     * @param major the major version, 11 or later
     * @throws LocalServerException if it does not accept connections within 90 seconds, or there is no archive of this
     *     version
     */
    public static LocalPostgres start(int major) {
        return builder(major).start();
    }

    /** A builder, for settings other than the defaults. */
    public static LocalPostgresBuilder builder(int major) {
        return new LocalPostgresBuilder(major);
    }

    static LocalPostgres start(Settings settings) {
        LocalPostgres server = new LocalPostgres(settings);
        server.turn.run(server::begin);
        return server;
    }

    /**
     * Starts a streaming standby of this server, on a free port, with the same settings, roles and passwords. Returns
     * when the standby answers queries; it follows asynchronously ({@link #awaitReplayOf}). The caller owns it.
     */
    public LocalPostgres startStandby() {
        return startStandby(port());
    }

    /**
     * As {@link #startStandby()}, but the standby reaches this server through {@code port}, such as the port of a
     * {@link TcpGate}.
     */
    public LocalPostgres startStandby(int port) {
        return start(postmaster.settings().following(new LocalPostgresBuilder.Upstream(this, postmaster.data(), port)));
    }

    /** Makes a standby a primary, on its own timeline, and waits until it accepts writes. Its sessions stay. */
    public void promote() {
        turn.run(postmaster::promote);
    }

    /**
     * Waits until this standby has replayed everything that {@code primary} has written so far.
     *
     * @throws LocalServerException if it has not in time
     * @throws SQLException if either can't be asked
     */
    public void awaitReplayOf(LocalPostgres primary, Duration timeout) throws SQLException {
        String lsn = text(primary, "SELECT pg_current_wal_lsn()::text");
        String sql = "SELECT coalesce(pg_last_wal_replay_lsn() >= '" + lsn + "', false)::text";
        if (!Deadline.in(timeout)
                .await(this + " at " + lsn, () -> text(this, sql).equals("true"))) {
            throw new LocalServerException(
                    this + " had not replayed " + lsn + " within " + timeout + "\n" + logTail(10));
        }
    }

    private static String text(LocalPostgres server, String sql) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /**
     * The major versions whose archives are on the class path or were copied by Maven in this project; the oldest
     * first.
     */
    public static SortedSet<Integer> availableMajors() {
        return new TreeSet<>(PostgresBinaries.archives().keySet());
    }

    /** Always 127.0.0.1, the only address the server listens on. */
    public String host() {
        return PostgresConnections.HOST;
    }

    /** The same for the whole life of this object. */
    public int port() {
        return postmaster.connections().port();
    }

    /** The major version. */
    public int major() {
        return major;
    }

    /** The name of the superuser. */
    public String superuser() {
        return PostgresBinaries.SUPERUSER;
    }

    /** The superuser's password: random, different for every server. */
    public String password() {
        return password;
    }

    /** A URL without user and password. */
    public String jdbcUrl(String database) {
        return postmaster.connections().jdbcUrl(database);
    }

    /** For {@code CREATE SUBSCRIPTION ... CONNECTION}; contains the superuser's password. */
    public String connectionString(String database) {
        return postmaster.connections().connectionString(database, password);
    }

    /** The server's log. Deleted by {@link #close()} unless {@link LocalPostgresBuilder#logDirectory} was given. */
    public Path log() {
        return postmaster.log();
    }

    /** The last lines of the log. */
    public String logTail(int lines) {
        return ChildProcess.tail(log(), lines);
    }

    /** The process id of the postmaster. */
    public long pid() {
        return turn.get(() -> postmaster.process().running(this).pid());
    }

    /** True from a successful start to {@link #stop}, {@link #kill}, {@link #close} or a crash. */
    public boolean isRunning() {
        return turn.get(postmaster.process()::isRunning);
    }

    /**
     * Opens a connection as superuser, which the caller must close.
     *
     * @throws SQLException if the driver throws it
     */
    public Connection connect(String database) throws SQLException {
        return connect(database, superuser(), password);
    }

    /**
     * Opens a connection, which the caller must close. Waits at most 10 seconds for the server; statements have no
     * timeout.
     *
     * @throws SQLException if the driver throws it; SQLState 28P01 if the password is wrong
     */
    public Connection connect(String database, String user, String userPassword) throws SQLException {
        return postmaster.connections().connect(database, user, userPassword);
    }

    /**
     * Executes statements as superuser on one connection, each in its own transaction.
     *
     * @throws SQLException from the first statement that fails; the earlier ones have been committed
     */
    public void execute(String database, String... statements) throws SQLException {
        postmaster.connections().execute(database, password, statements);
    }

    /**
     * Creates an empty database owned by the superuser.
     *
     * @return this
     * @throws SQLException if the database already exists
     */
    public LocalPostgres createDatabase(String name) throws SQLException {
        execute("postgres", "CREATE DATABASE " + Sql.name(name));
        return this;
    }

    /**
     * Creates a role with no rights except to log in.
     *
     * @return this
     * @throws SQLException if the role already exists
     */
    public LocalPostgres createLogin(String user, String userPassword) throws SQLException {
        String verifier = Secrets.scramVerifier(userPassword, scramIterations);
        execute("postgres", "CREATE ROLE " + Sql.name(user) + " LOGIN PASSWORD " + Sql.literal(verifier));
        return this;
    }

    /**
     * Shuts the server down and waits at most 30 seconds until it has ended. Does nothing if it isn't running.
     *
     * @throws LocalServerException if it has not ended by then; it keeps running
     */
    public void stop(StopMode mode) {
        turn.run(() -> {
            if (!postmaster.process().end(mode.signal, STOP_TIMEOUT)) {
                throw new LocalServerException(
                        this + " had not ended " + STOP_TIMEOUT + " after a " + mode + " stop\n" + logTail(20));
            }
        });
    }

    /**
     * Sends SIGKILL to the postmaster and all its processes, as when the machine crashes; returns when all are gone.
     */
    public void kill() {
        turn.run(postmaster.process()::kill);
    }

    /**
     * Starts the server again after {@link #stop} or {@link #kill}, on the same port and data directory.
     *
     * @throws LocalServerException if it does not accept connections in time, or the port is taken
     */
    public void startAgain() {
        turn.run(() -> {
            if (closed || postmaster.process().isRunning()) {
                throw new IllegalStateException(this + (closed ? " is closed" : " runs"));
            }
            postmaster.launch(password);
        });
    }

    /** Freezes all processes of the server (SIGSTOP): the kernel accepts connections, but nothing answers. */
    public void pause() {
        turn.run(() -> postmaster.process().running(this).pauseTree());
    }

    /** Ends a {@link #pause()}. */
    public void resume() {
        turn.run(() -> postmaster.process().running(this).resumeTree());
    }

    /** Ends the server at once, aborting its work, and deletes its data; idempotent. */
    @Override
    public void close() {
        turn.run(() -> {
            if (!closed) {
                closed = true;
                end();
            }
        });
    }

    private void end() {
        try {
            stop(StopMode.IMMEDIATE);
        } catch (LocalServerException e) {
            kill();
        } finally {
            postmaster.leaveNothing();
        }
    }

    @Override
    public String toString() {
        return postmaster.toString();
    }

    private void begin() {
        try {
            postmaster.begin(password);
        } catch (IOException | SQLException e) {
            close();
            throw new LocalServerException("Cannot set up " + this + "\n" + logTail(20), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** How {@link LocalPostgres#stop} shuts the server down. */
    public enum StopMode {
        /** Waits until the clients have disconnected. */
        SMART("TERM"),
        /** Rolls back, disconnects the clients, and then shuts down cleanly. */
        FAST("INT"),
        /** Aborts without a clean shutdown: the next start recovers from the write-ahead log. */
        IMMEDIATE("QUIT");

        private final String signal;

        StopMode(String signal) {
            this.signal = signal;
        }
    }
}
