package dev.connectionregistry.settings;

import java.time.Duration;

/**
 * Sizes and time-outs of one instance's pool.
 *
 * @param maximumSize the largest number of connections, 1 to 1000
 * @param minimumIdle how many idle connections the pool keeps, 0 to {@code maximumSize}
 * @param connectionTimeout how long a caller of {@code getConnection()} waits at most, 250 ms to 10 min
 * @param idleTimeout when an idle connection above {@code minimumIdle} is closed; 10 s to 1 day, or zero for never
 * @param maxLifetime when a connection is replaced; 30 s to 1 day, or zero for never
 * @param keepaliveTime how often an idle connection is probed; 30 s to {@code maxLifetime}, or zero for never
 * @param validationTimeout how long the probe of a connection may take, 250 ms to 30 s
 * @param drainGrace how long connections of a replaced pool may stay in use before they are closed, 0 s to 1 h
 * @param leakDetectionThreshold when a connection in use is logged as a possible leak, with the code that took it; 2 s
 *     to 1 h, or zero for never
 */
public record PoolSettings(
        int maximumSize,
        int minimumIdle,
        Duration connectionTimeout,
        Duration idleTimeout,
        Duration maxLifetime,
        Duration keepaliveTime,
        Duration validationTimeout,
        Duration drainGrace,
        Duration leakDetectionThreshold) {
    // declared before DEFAULT, whose constructor needs them
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);

    /**
     * Ten connections, kept open; callers wait at most 30 s; lifetimes as in HikariCP; 1 s for a probe; 30 s grace in a
     * plain move; no leak detection.
     */
    public static final PoolSettings DEFAULT = new PoolSettings(
            10,
            10,
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofMinutes(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ZERO);

    /**
     * Checks all bounds.
     *
     * @throws InvalidSettingsException naming each value outside its bounds
     */
    public PoolSettings {
        Problems problems = new Problems();
        problems.requireBetween("pool maximum size", maximumSize, 1, 1000);
        problems.requireBetween("pool minimum idle", minimumIdle, 0, Math.max(1, maximumSize));
        problems.requireBetween(
                "connection timeout", connectionTimeout, Duration.ofMillis(250), Duration.ofMinutes(10));
        if (!idleTimeout.isZero()) {
            problems.requireBetween("idle timeout", idleTimeout, Duration.ofSeconds(10), DAY);
        }
        if (!maxLifetime.isZero()) {
            problems.requireBetween("maximum lifetime", maxLifetime, HALF_MINUTE, DAY);
        }
        if (!keepaliveTime.isZero()) {
            problems.requireBetween(
                    "keepalive time", keepaliveTime, HALF_MINUTE, maxLifetime.isZero() ? DAY : maxLifetime);
        }
        problems.requireBetween("validation timeout", validationTimeout, Duration.ofMillis(250), HALF_MINUTE);
        problems.requireBetween("drain grace", drainGrace, Duration.ZERO, Duration.ofHours(1));
        if (!leakDetectionThreshold.isZero()) {
            problems.requireBetween(
                    "leak detection threshold", leakDetectionThreshold, Duration.ofSeconds(2), Duration.ofHours(1));
        }
        problems.throwIfAny();
    }

    /** With another size; lowers {@code minimumIdle} if necessary. */
    public PoolSettings withMaximumSize(int size) {
        return new PoolSettings(
                size,
                Math.min(minimumIdle, Math.max(0, size)),
                connectionTimeout,
                idleTimeout,
                maxLifetime,
                keepaliveTime,
                validationTimeout,
                drainGrace,
                leakDetectionThreshold);
    }

    /** With another minimum of idle connections. */
    public PoolSettings withMinimumIdle(int idle) {
        return new PoolSettings(
                maximumSize,
                idle,
                connectionTimeout,
                idleTimeout,
                maxLifetime,
                keepaliveTime,
                validationTimeout,
                drainGrace,
                leakDetectionThreshold);
    }

    /** With another time-out for callers. */
    public PoolSettings withConnectionTimeout(Duration timeout) {
        return new PoolSettings(
                maximumSize,
                minimumIdle,
                timeout,
                idleTimeout,
                maxLifetime,
                keepaliveTime,
                validationTimeout,
                drainGrace,
                leakDetectionThreshold);
    }

    /** With other lifetimes of connections; zero means never. */
    public PoolSettings withLifetimes(Duration idle, Duration maximum, Duration keepalive) {
        return new PoolSettings(
                maximumSize,
                minimumIdle,
                connectionTimeout,
                idle,
                maximum,
                keepalive,
                validationTimeout,
                drainGrace,
                leakDetectionThreshold);
    }

    /** With another time-out for the probe of a connection. */
    public PoolSettings withValidationTimeout(Duration timeout) {
        return new PoolSettings(
                maximumSize,
                minimumIdle,
                connectionTimeout,
                idleTimeout,
                maxLifetime,
                keepaliveTime,
                timeout,
                drainGrace,
                leakDetectionThreshold);
    }

    /** With another grace for connections of a replaced pool. */
    public PoolSettings withDrainGrace(Duration grace) {
        return new PoolSettings(
                maximumSize,
                minimumIdle,
                connectionTimeout,
                idleTimeout,
                maxLifetime,
                keepaliveTime,
                validationTimeout,
                grace,
                leakDetectionThreshold);
    }

    /** With another threshold for connections that may have leaked; zero means never. */
    public PoolSettings withLeakDetectionThreshold(Duration threshold) {
        return new PoolSettings(
                maximumSize,
                minimumIdle,
                connectionTimeout,
                idleTimeout,
                maxLifetime,
                keepaliveTime,
                validationTimeout,
                drainGrace,
                threshold);
    }
}
