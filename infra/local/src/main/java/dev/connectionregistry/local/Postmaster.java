package dev.connectionregistry.local;

import dev.connectionregistry.local.LocalPostgresBuilder.Settings;
import dev.connectionregistry.local.LocalPostgresBuilder.Upstream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * One Postgres server's process, data and port, from its first start to its end. Not thread-safe, except for
 * {@link #connections} and {@link #log}: its owner takes turns.
 */
final class Postmaster {

    private static final int TRIES = 3;
    private static final Duration PROMOTION_TIMEOUT = Duration.ofSeconds(60);

    private final Settings settings;
    private final PostgresBinaries binaries;
    private final Watcher watcher;
    private final Path data;
    private final ServerProcess process;
    private volatile PostgresConnections connections;
    private volatile Path log;

    Postmaster(Settings settings) {
        this.settings = settings;
        this.binaries = PostgresBinaries.of(settings.major());
        this.watcher = Watcher.start("local-postgres-" + settings.major(), "QUIT");
        this.data = watcher.folder().resolve("data");
        this.process = new ServerProcess(watcher);
        this.connections = new PostgresConnections(settings.port());
        this.log = watcher.folder().resolve("postgres.log");
    }

    Settings settings() {
        return settings;
    }

    Path data() {
        return data;
    }

    PostgresConnections connections() {
        return connections;
    }

    Path log() {
        return log;
    }

    ServerProcess process() {
        return process;
    }

    /** Starts the server for the first time; afterwards the superuser has this password. */
    void begin(String password) throws IOException, SQLException {
        Upstream upstream = settings.upstream();
        PostgresData fresh =
                upstream == null ? PostgresData.fresh(binaries, data) : PostgresData.standby(upstream, data);
        for (int tries = 1; !launchedOnFreePort(fresh); tries++) {
            if (tries == TRIES) {
                throw new LocalServerException("No port free for " + this + "\n" + ChildProcess.tail(log, 20));
            }
        }
        if (upstream == null) {
            String verifier = Secrets.scramVerifier(password, settings.scramIterations());
            connections.execute(
                    "postgres",
                    fresh.initialPassword(),
                    "ALTER ROLE " + PostgresBinaries.SUPERUSER + " PASSWORD " + Sql.literal(verifier));
        }
    }

    /** Makes a standby a primary; returns when it accepts writes. */
    void promote() {
        List<String> command = binaries.command("pg_ctl", List.of("promote", "-w", "-D", data.toString()));
        ChildProcess.run(command, watcher.folder().resolve("promote.log"), PROMOTION_TIMEOUT);
    }

    /** False if another process took the port first. */
    private boolean launchedOnFreePort(PostgresData fresh) throws IOException {
        int port = settings.port() == 0 ? Ports.free() : settings.port();
        connections = new PostgresConnections(port);
        Path logs = settings.logDirectory() == null ? watcher.folder() : settings.logDirectory();
        log = logs.resolve("postgres-" + settings.major() + "-" + port + ".log");
        fresh.configure(port, settings.fsync(), settings.more());
        try {
            launch(fresh.initialPassword());
            return true;
        } catch (LocalServerException e) {
            if (settings.port() == 0 && ChildProcess.tail(log, 20).contains("Address already in use")) {
                return false;
            }
            throw e;
        }
    }

    /** Starts the server with its existing data, and waits until the superuser can log in with this password. */
    void launch(String password) {
        List<String> command = binaries.command("postgres", List.of("-D", data.toString()));
        PostgresConnections target = connections;
        process.launch(
                new ServerProcess.Launch(toString(), command, log, "accept connections", settings.startTimeout()),
                () -> target.accepts(password));
    }

    /** Ends the server if it is still running, and deletes its files. */
    void leaveNothing() {
        if (!process.isThere()) {
            PostgresData.removeSharedMemory(data, watcher.folder().resolve("watcher.log"));
        }
        watcher.end();
    }

    @Override
    public String toString() {
        return "Postgres " + settings.major() + " on " + PostgresConnections.HOST + ":" + connections.port();
    }
}
