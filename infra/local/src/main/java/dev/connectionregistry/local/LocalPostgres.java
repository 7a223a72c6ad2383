package dev.connectionregistry.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A real Postgres server on loopback, with a data directory of its own.
 *
 * <p>It is set up to be moved from or to: {@code wal_level=logical}, room for 20 replication slots, 200 connections. Every
 * connection, also from this machine, must give its password (scram-sha-256). It ends with the JVM that started it, also
 * when that is killed, and its data directory is deleted then.
 *
 * <p>Thread-safe. The caller owns the server and must {@link #close()} it.
 */
public final class LocalPostgres implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final int TRIES = 3;
    private static final int SHARED_MEMORY_LINE = 6; // of postmaster.pid: "key id"

    private final Builder settings;
    private final PostgresBinaries binaries;
    private final Path data;
    private final String password = Secrets.random();
    private final Watcher watcher;
    private volatile int port;
    private volatile Path log;
    /** Guarded by "this". */
    private @Nullable ChildProcess postmaster;
    /** Guarded by "this". */
    private boolean closed;

    private LocalPostgres(Builder settings) {
        this.settings = settings;
        this.port = settings.port;
        this.binaries = PostgresBinaries.of(settings.major);
        this.watcher = Watcher.start("local-postgres-" + settings.major, "QUIT");
        this.data = watcher.folder().resolve("data");
        this.log = watcher.folder().resolve("postgres.log");
    }

    /**
     * Starts a server on a free port and waits until it accepts connections.
     *
     * @param major the major version, 11 or later
     * @throws LocalServerException if it does not within 90 seconds, or no archive of this version is there
     */
    public static LocalPostgres start(int major) {
        return builder(major).start();
    }

    /** Settings other than the defaults. */
    public static Builder builder(int major) {
        return new Builder(major);
    }

    /** The major versions whose archives Maven has copied, oldest first. */
    public static SortedSet<Integer> availableMajors() {
        return new TreeSet<>(PostgresBinaries.majors(Folders.postgres()).keySet());
    }

    /** Always 127.0.0.1, the only address the server listens on. */
    public String host() {
        return HOST;
    }

    /** The same for the whole life of this object. */
    public int port() {
        return port;
    }

    /** The major version. */
    public int major() {
        return settings.major;
    }

    /** The name of the superuser. */
    public String superuser() {
        return PostgresBinaries.SUPERUSER;
    }

    /** The superuser's password: random, different for every server. */
    public String password() {
        return password;
    }

    /** Without user and password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + database;
    }

    /** For {@code CREATE SUBSCRIPTION ... CONNECTION}; contains the superuser's password. */
    public String connectionString(String database) {
        return "host=" + HOST + " port=" + port + " user=" + superuser() + " password=" + password + " dbname="
                + database;
    }

    /** The server's log. Deleted by {@link #close()} unless {@link Builder#logDirectory} was given. */
    public Path log() {
        return log;
    }

    /** The last lines of the log. */
    public String logTail(int lines) {
        return ChildProcess.tail(log, lines);
    }

    /** The process id of the postmaster. */
    public synchronized long pid() {
        return running().pid();
    }

    /** True from a successful start to {@link #stop}, {@link #kill}, {@link #close} or a crash. */
    public synchronized boolean isRunning() {
        return postmaster != null && postmaster.isAlive();
    }

    /**
     * Opens a connection as superuser, which the caller must close.
     *
     * @throws SQLException as the driver says
     */
    public Connection connect(String database) throws SQLException {
        return connect(database, superuser(), password);
    }

    /**
     * Opens a connection, which the caller must close. Waits at most 10 seconds for the server; statements have no
     * timeout.
     *
     * @throws SQLException as the driver says; SQLState 28P01 if the password is wrong
     */
    public Connection connect(String database, String user, String userPassword) throws SQLException {
        return connect(database, user, userPassword, Map.of("connectTimeout", "10"));
    }

    private Connection connect(String database, String user, String userPassword, Map<String, String> more)
            throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", userPassword);
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.putAll(more);
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /**
     * Executes statements as superuser, each in a transaction of its own, on one connection.
     *
     * @throws SQLException from the first one that fails; those before it have been committed
     */
    public void execute(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /**
     * Creates an empty database owned by the superuser.
     *
     * @return this
     * @throws SQLException if there is one of this name
     */
    public LocalPostgres createDatabase(String name) throws SQLException {
        execute("postgres", "CREATE DATABASE " + Sql.name(name));
        return this;
    }

    /**
     * Creates a role that may log in and nothing else.
     *
     * @return this
     * @throws SQLException if there is one of this name
     */
    public LocalPostgres createLogin(String user, String userPassword) throws SQLException {
        execute("postgres", "CREATE ROLE " + Sql.name(user) + " LOGIN PASSWORD " + Sql.literal(userPassword));
        return this;
    }

    /**
     * Shuts the server down and waits until it has ended, at most 30 seconds. Does nothing if it does not run.
     *
     * @throws LocalServerException if it has not ended by then; it goes on running
     */
    public synchronized void stop(StopMode mode) {
        ChildProcess child = postmaster;
        if (child == null) {
            return;
        }
        child.resumeTree();
        child.signal(mode.signal);
        if (!child.awaitExit(STOP_TIMEOUT)) {
            throw new LocalServerException(
                    this + " had not ended " + STOP_TIMEOUT + " after a " + mode + " stop\n" + logTail(20));
        }
        forgetPostmaster();
    }

    /** SIGKILL to the postmaster and all its processes, as when the machine dies; returns when all are gone. */
    public synchronized void kill() {
        if (postmaster != null) {
            postmaster.killTree();
            forgetPostmaster();
        }
    }

    /**
     * Starts the server again after {@link #stop} or {@link #kill}, on the same port and data directory.
     *
     * @throws LocalServerException if it does not accept connections in time, or the port is taken
     */
    public synchronized void startAgain() {
        if (closed || isRunning()) {
            throw new IllegalStateException(this + (closed ? " is closed" : " runs"));
        }
        launch(password);
    }

    /** Freezes all processes of the server (SIGSTOP): the kernel accepts connections, nothing is answered. */
    public synchronized void pause() {
        running().pauseTree();
    }

    /** Ends a {@link #pause()}. */
    public synchronized void resume() {
        running().resumeTree();
    }

    /** Ends the server at once, aborting what runs, and deletes its data; idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            stop(StopMode.IMMEDIATE);
        } catch (LocalServerException e) {
            kill();
        } finally {
            removeSharedMemory();
            watcher.end();
        }
    }

    @Override
    public String toString() {
        return "Postgres " + settings.major + " on " + HOST + ":" + port;
    }

    private synchronized LocalPostgres begin() {
        try {
            String initial = binaries.copyFreshData(data);
            String original = Files.readString(data.resolve("postgresql.conf"));
            for (int tries = 1; !launchedOnFreePort(original, initial); tries++) {
                if (tries == TRIES) {
                    throw new LocalServerException("No port free for " + this + "\n" + logTail(20));
                }
            }
            execute("postgres", initial, "ALTER ROLE " + superuser() + " PASSWORD " + Sql.literal(password));
            return this;
        } catch (IOException | SQLException e) {
            close();
            throw new LocalServerException("Cannot set up " + this + "\n" + logTail(20), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** False if another process took the port first. */
    private boolean launchedOnFreePort(String original, String initial) throws IOException {
        if (settings.port == 0) {
            port = Ports.free();
        }
        Path logs = settings.logDirectory == null ? watcher.folder() : settings.logDirectory;
        log = logs.resolve("postgres-" + settings.major + "-" + port + ".log");
        Files.writeString(data.resolve("postgresql.conf"), original + configuration());
        try {
            launch(initial);
            return true;
        } catch (LocalServerException e) {
            if (settings.port == 0 && logTail(20).contains("Address already in use")) {
                return false;
            }
            throw e;
        }
    }

    private void execute(String database, String userPassword, String sql) throws SQLException {
        try (Connection connection = connect(database, superuser(), userPassword);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String configuration() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_addresses", HOST);
        all.put("port", Integer.toString(port));
        all.put("unix_socket_directories", "");
        all.put("wal_level", "logical");
        all.put("max_connections", "200");
        all.put("max_wal_senders", "20");
        all.put("max_replication_slots", "20");
        all.put("max_worker_processes", "32");
        all.put("max_logical_replication_workers", "20");
        all.put("wal_receiver_status_interval", "1s");
        all.put("wal_retrieve_retry_interval", "500ms");
        all.put("shared_buffers", "64MB");
        all.put("fsync", settings.fsync ? "on" : "off");
        all.put("full_page_writes", settings.fsync ? "on" : "off");
        all.put("timezone", "UTC");
        all.put("log_timezone", "UTC");
        all.put("log_line_prefix", "%m [%p] %q%u@%d %a ");
        all.putAll(settings.more);
        StringBuilder text = new StringBuilder("\n# Local server\n");
        all.forEach((name, value) ->
                text.append(name).append(" = ").append(Sql.literal(value)).append('\n'));
        return text.toString();
    }

    private void launch(String superuserPassword) {
        ChildProcess child = watcher.launch(binaries.command("postgres", List.of("-D", data.toString())), log);
        postmaster = child;
        Deadline deadline = Deadline.in(settings.startTimeout);
        String failure = "";
        try {
            if (!deadline.await(toString(), () -> !child.isAlive() || accepts(superuserPassword))) {
                failure = this + " did not accept connections within " + settings.startTimeout;
            } else if (!child.isAlive()) {
                failure = this + " ended while it was starting";
            } else {
                return;
            }
        } finally {
            if (!failure.isEmpty() || Thread.currentThread().isInterrupted()) {
                child.destroy();
                forgetPostmaster();
            }
        }
        throw new LocalServerException(failure + "; the end of its log:\n" + logTail(20));
    }

    private boolean accepts(String superuserPassword) {
        Map<String, String> impatient = Map.of("connectTimeout", "2", "socketTimeout", "5");
        try (Connection connection = connect("postgres", superuser(), superuserPassword, impatient)) {
            return connection.isValid(2);
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** A killed server leaves a few bytes of shared memory to its next start; here there will be none. */
    private void removeSharedMemory() {
        Path pidFile = data.resolve("postmaster.pid");
        if (postmaster != null || !Files.exists(pidFile) || !ChildProcess.onPath("ipcrm")) {
            return;
        }
        try {
            List<String> lines = Files.readAllLines(pidFile);
            if (lines.size() > SHARED_MEMORY_LINE) {
                String id = lines.get(SHARED_MEMORY_LINE).strip().split("\\s+", -1)[1];
                ChildProcess.run(List.of("ipcrm", "-m", id), watcher.folder().resolve("watcher.log"), STOP_TIMEOUT);
            }
        } catch (IOException | RuntimeException e) {
            // it was worth a try; the system has room for thousands
        }
    }

    private void forgetPostmaster() {
        postmaster = null;
        watcher.serverEnded();
    }

    private ChildProcess running() {
        if (postmaster == null) {
            throw new IllegalStateException(this + " does not run");
        }
        return postmaster;
    }

    /** How {@link LocalPostgres#stop} shuts the server down. */
    public enum StopMode {
        /** Waits for the clients to leave. */
        SMART("TERM"),
        /** Rolls back and disconnects the clients, then shuts down cleanly. */
        FAST("INT"),
        /** Aborts without a clean shutdown: the next start recovers from the log. */
        IMMEDIATE("QUIT");

        private final String signal;

        StopMode(String signal) {
            this.signal = signal;
        }
    }

    /** Settings of a server to be started. Not thread-safe. */
    public static final class Builder {

        private final int major;
        private final Map<String, String> more = new LinkedHashMap<>();
        private int port;
        private boolean fsync;
        private Duration startTimeout = START_TIMEOUT;
        private @Nullable Path logDirectory;

        private Builder(int major) {
            this.major = major;
        }

        /** A fixed port; by default a free one. */
        public Builder port(int value) {
            this.port = value;
            return this;
        }

        /** A line of {@code postgresql.conf}, stronger than the defaults of this class. */
        public Builder setting(String name, String value) {
            more.put(name, value);
            return this;
        }

        /** Makes commits wait for the disk, as in production; by default they do not. */
        public Builder durable() {
            this.fsync = true;
            return this;
        }

        /** How long the server may take until it accepts connections; by default 90 seconds. */
        public Builder startTimeout(Duration value) {
            this.startTimeout = value;
            return this;
        }

        /** An existing folder for the log, which then outlives the server. */
        public Builder logDirectory(Path value) {
            this.logDirectory = value;
            return this;
        }

        /** Starts the server; see {@link LocalPostgres#start(int)}. */
        public LocalPostgres start() {
            return new LocalPostgres(this).begin();
        }
    }
}
