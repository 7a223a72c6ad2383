package dev.connectionregistry.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings for a {@link LocalPostgres}. Not thread-safe. */
public final class LocalPostgresBuilder {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

    private static final int USUAL_SCRAM_ITERATIONS = 4096;

    private final int major;
    private final Map<String, String> more = new LinkedHashMap<>();
    private int port;
    private int scramIterations = 1;
    private boolean fsync;
    private Duration startTimeout = START_TIMEOUT;
    private @Nullable Path logDirectory;

    LocalPostgresBuilder(int major) {
        this.major = major;
    }

    /**
     * The chosen settings.
     *
     * @param port 0 for any free port
     * @param scramIterations how often a client repeats the same computation when it logs in
     * @param fsync whether commits wait for the disk
     * @param logDirectory null for the server's own folder
     * @param upstream the server that it is a standby of; null if it isn't one
     */
    record Settings(
            int major,
            int port,
            int scramIterations,
            boolean fsync,
            Map<String, String> more,
            Duration startTimeout,
            @Nullable Path logDirectory,
            @Nullable Upstream upstream) {
        /** The settings of a server like this one, on its own port, that follows another. */
        Settings following(Upstream other) {
            return new Settings(major, 0, scramIterations, fsync, more, startTimeout, logDirectory, other);
        }
    }

    /**
     * A server that a standby follows.
     *
     * @param server the server whose data it starts with
     * @param data that server's data directory
     * @param port where it streams from, possibly through a gate
     */
    record Upstream(LocalPostgres server, Path data, int port) {}

    /** Sets a fixed port; the default is a free one. */
    public LocalPostgresBuilder port(int value) {
        this.port = value;
        return this;
    }

    /** Adds a line to {@code postgresql.conf}, which takes precedence over the defaults. */
    public LocalPostgresBuilder setting(String name, String value) {
        more.put(name, value);
        return this;
    }

    /**
     * Makes logins of the superuser and of {@link LocalPostgres#createLogin} as much work for a client as in
     * production, for measurements: 4096 SCRAM iterations instead of one.
     */
    public LocalPostgresBuilder usualLogins() {
        this.scramIterations = USUAL_SCRAM_ITERATIONS;
        return this;
    }

    /** Makes commits wait for the disk, as in production; by default they do not. */
    public LocalPostgresBuilder durable() {
        this.fsync = true;
        return this;
    }

    /** How long the server may take to accept connections; the default is 90 seconds. */
    public LocalPostgresBuilder startTimeout(Duration value) {
        this.startTimeout = value;
        return this;
    }

    /** Sets an existing folder for the log, which then outlives the server. */
    public LocalPostgresBuilder logDirectory(Path value) {
        this.logDirectory = value;
        return this;
    }

    /** Starts the server; see {@link LocalPostgres#start(int)}. */
    public LocalPostgres start() {
        return LocalPostgres.start(new Settings(
                major, port, scramIterations, fsync, new LinkedHashMap<>(more), startTimeout, logDirectory, null));
    }
}
