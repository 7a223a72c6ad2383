package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.PoolSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Sizes and time-outs of a pool; those not given don't change. */
public final class PoolSettingsOptions {
    /** Allows any single valid option, so that one can be checked without knowing the others. */
    private static final PoolSettings ROOMY = PoolSettings.DEFAULT
            .withMaximumSize(1000)
            .withMinimumIdle(0)
            .withLifetimes(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    @Option(
            names = "--maximum-size",
            paramLabel = "N",
            description = "maximum connections per instance (10; 1 to 1000)")
    private Optional<Integer> maximumSize = Optional.empty();

    @Option(
            names = "--minimum-idle",
            paramLabel = "N",
            description = "minimum idle connections (the maximum; 0 to the maximum)")
    private Optional<Integer> minimumIdle = Optional.empty();

    @Option(
            names = "--connection-timeout",
            paramLabel = "D",
            description = "how long a caller waits for a connection (30s; 250ms to 10m)")
    private Optional<Duration> connectionTimeout = Optional.empty();

    @Option(
            names = "--idle-timeout",
            paramLabel = "D",
            description = "closes idle connections above the minimum after this (10m; 10s to 1d, 0s: never)")
    private Optional<Duration> idleTimeout = Optional.empty();

    @Option(
            names = "--max-lifetime",
            paramLabel = "D",
            description = "replaces connections after this (30m; 30s to 1d, 0s: never)")
    private Optional<Duration> maxLifetime = Optional.empty();

    @Option(
            names = "--keepalive",
            paramLabel = "D",
            description = "probes idle connections this often (2m; 30s to the lifetime, 0s: never)")
    private Optional<Duration> keepalive = Optional.empty();

    @Option(
            names = "--validation-timeout",
            paramLabel = "D",
            description = "how long such a probe may take (1s; 250ms to 30s)")
    private Optional<Duration> validationTimeout = Optional.empty();

    @Option(
            names = "--drain-grace",
            paramLabel = "D",
            description = "how long connections may stay in use after a move before they are closed (30s; 0s to 1h)")
    private Optional<Duration> drainGrace = Optional.empty();

    @Option(
            names = "--leak-detection",
            paramLabel = "D",
            description = "logs the caller that keeps a connection longer than this (0s: never; 2s to 1h)")
    private Optional<Duration> leakDetection = Optional.empty();

    public boolean none() {
        return Stream.of(
                        maximumSize,
                        minimumIdle,
                        connectionTimeout,
                        idleTimeout,
                        maxLifetime,
                        keepalive,
                        validationTimeout,
                        drainGrace,
                        leakDetection)
                .allMatch(Optional::isEmpty);
    }

    /** Refuses values that no pool can have, before anything is read. */
    public void check() {
        PoolSettings unused = applyTo(ROOMY);
        assert unused != null;
    }

    /** {@code pool} with the given options. */
    public PoolSettings applyTo(PoolSettings pool) {
        requireKeepaliveWithin(pool);
        return new PoolSettings(
                maximumSize.orElse(pool.maximumSize()),
                minimumIdle.orElse(maximumSize
                        .map(size -> minimumIdleFor(Math.max(0, size), pool))
                        .orElse(pool.minimumIdle())),
                connectionTimeout.orElse(pool.connectionTimeout()),
                idleTimeout.orElse(pool.idleTimeout()),
                maxLifetime.orElse(pool.maxLifetime()),
                keepalive.orElse(pool.keepaliveTime()),
                validationTimeout.orElse(pool.validationTimeout()),
                drainGrace.orElse(pool.drainGrace()),
                leakDetection.orElse(pool.leakDetectionThreshold()));
    }

    private static int minimumIdleFor(int maximum, PoolSettings pool) {
        boolean fixed = pool.minimumIdle() == pool.maximumSize();
        return fixed ? maximum : Math.min(pool.minimumIdle(), maximum);
    }

    /** An operator who only shortens the lifetime may not know the keepalive time that conflicts with it. */
    private void requireKeepaliveWithin(PoolSettings pool) {
        Duration lifetime = maxLifetime.orElse(Duration.ZERO);
        if (keepalive.isEmpty() && !lifetime.isZero() && pool.keepaliveTime().compareTo(lifetime) > 0) {
            String most = Durations.text(lifetime);
            throw new InvalidSettingsException("the keepalive time is " + Durations.text(pool.keepaliveTime())
                    + ", which is longer than a lifetime of " + most + "; give --keepalive " + most
                    + " or less as well");
        }
    }
}
