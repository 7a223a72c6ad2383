package dev.connectionregistry.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link LocalPostgres} to be started. Not thread-safe. */
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
     * What was asked for.
     *
     * @param port 0 for any that is free
     * @param scramIterations how often a client that logs in repeats the same computation
     * @param fsync whether commits wait for the disk
     * @param logDirectory null for the server's own folder
     * @param upstream which server it is a standby of; null if it is none
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
        /** A server like this one, on a port of its own, that follows another. */
        Settings following(Upstream other) {
            return new Settings(major, 0, scramIterations, fsync, more, startTimeout, logDirectory, other);
        }
    }

    /**
     * A server that a standby follows.
     *
     * @param server whose data it begins with
     * @param data that server's data directory
     * @param port where it streams from, which may lead through a gate
     */
    record Upstream(LocalPostgres server, Path data, int port) {}

    /** A fixed port; by default a free one. */
    public LocalPostgresBuilder port(int value) {
        this.port = value;
        return this;
    }

    /** A line of {@code postgresql.conf}, stronger than the defaults. */
    public LocalPostgresBuilder setting(String name, String value) {
        more.put(name, value);
        return this;
    }

    /**
     * Makes logins of the superuser and of {@link LocalPostgres#createLogin} as much work for a client as in production, which
     * is for measurements: 4096 SCRAM iterations; by default there is one.
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

    /** How long the server may take until it accepts connections; by default 90 seconds. */
    public LocalPostgresBuilder startTimeout(Duration value) {
        this.startTimeout = value;
        return this;
    }

    /** An existing folder for the log, which then outlives the server. */
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
