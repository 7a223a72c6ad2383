package dev.connectionregistry.admin.command;

import dev.connectionregistry.settings.PoolSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Sizes and time-outs of a pool; what isn't given stays. */
final class PoolOptions {
    /** Fits any single option that is allowed, so that one can be checked without knowing the others. */
    private static final PoolSettings ROOMY = PoolSettings.DEFAULT
            .withMaximumSize(1000)
            .withMinimumIdle(0)
            .withLifetimes(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    @Option(names = "--maximum-size", paramLabel = "N", description = "connections per instance at most")
    private Optional<Integer> maximumSize = Optional.empty();

    @Option(names = "--minimum-idle", paramLabel = "N", description = "idle connections kept at least")
    private Optional<Integer> minimumIdle = Optional.empty();

    @Option(names = "--connection-timeout", paramLabel = "D", description = "how long a caller waits for a connection")
    private Optional<Duration> connectionTimeout = Optional.empty();

    @Option(names = "--idle-timeout", paramLabel = "D", description = "closes idle connections after this; 0s: never")
    private Optional<Duration> idleTimeout = Optional.empty();

    @Option(names = "--max-lifetime", paramLabel = "D", description = "replaces connections after this; 0s: never")
    private Optional<Duration> maxLifetime = Optional.empty();

    @Option(names = "--keepalive", paramLabel = "D", description = "probes idle connections this often; 0s: never")
    private Optional<Duration> keepalive = Optional.empty();

    @Option(names = "--validation-timeout", paramLabel = "D", description = "how long such a probe may take")
    private Optional<Duration> validationTimeout = Optional.empty();

    @Option(
            names = "--drain-grace",
            paramLabel = "D",
            description = "how long connections in use may go on after a move before they are cut")
    private Optional<Duration> drainGrace = Optional.empty();

    boolean none() {
        return Stream.of(
                        maximumSize,
                        minimumIdle,
                        connectionTimeout,
                        idleTimeout,
                        maxLifetime,
                        keepalive,
                        validationTimeout,
                        drainGrace)
                .allMatch(Optional::isEmpty);
    }

    /** Refuses what no pool can have, before anything is read. */
    void check() {
        PoolSettings unused = applyTo(ROOMY);
        assert unused != null;
    }

    PoolSettings applyTo(PoolSettings pool) {
        return new PoolSettings(
                maximumSize.orElse(pool.maximumSize()),
                minimumIdle.orElse(maximumSize
                        .map(size -> Math.min(pool.minimumIdle(), Math.max(0, size)))
                        .orElse(pool.minimumIdle())),
                connectionTimeout.orElse(pool.connectionTimeout()),
                idleTimeout.orElse(pool.idleTimeout()),
                maxLifetime.orElse(pool.maxLifetime()),
                keepalive.orElse(pool.keepaliveTime()),
                validationTimeout.orElse(pool.validationTimeout()),
                drainGrace.orElse(pool.drainGrace()));
    }
}
