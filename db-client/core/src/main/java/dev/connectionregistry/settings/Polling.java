package dev.connectionregistry.settings;

import java.time.Duration;
import java.util.Optional;

/**
 * How often instances read the registry. While an operation has shortened the interval, {@code normal} remembers what it
 * was, so that anyone can see that the present one is temporary and put it back, also after the operator's machine died.
 *
 * @param interval the interval in force, {@link #MINIMUM} to {@link #MAXIMUM}
 * @param normal the interval to go back to, present only while the one in force is temporary
 */
public record Polling(Duration interval, Optional<Duration> normal) {
    /** The shortest interval allowed. */
    public static final Duration MINIMUM = Duration.ofMillis(50);
    /** The longest interval allowed. */
    public static final Duration MAXIMUM = Duration.ofHours(1);
    /** Every 30 s. */
    public static final Polling DEFAULT = every(Duration.ofSeconds(30));

    /**
     * Checks the bounds.
     *
     * @throws InvalidSettingsException naming each interval outside them
     */
    public Polling {
        Problems problems = new Problems();
        problems.requireBetween("poll interval", interval, MINIMUM, MAXIMUM);
        normal.ifPresent(value -> problems.requireBetween("normal poll interval", value, MINIMUM, MAXIMUM));
        problems.throwIfAny();
    }

    /** A lasting interval. */
    public static Polling every(Duration interval) {
        return new Polling(interval, Optional.empty());
    }

    /** The interval that holds when no operation has shortened it. */
    public Duration lasting() {
        return normal.orElse(interval);
    }

    /** Shortened to {@code temporary} for the time of an operation; remembers the lasting interval. */
    public Polling shortenedTo(Duration temporary) {
        return new Polling(temporary, Optional.of(lasting()));
    }

    /** Back to the lasting interval. */
    public Polling restored() {
        return every(lasting());
    }

    /** Whether an operation has shortened the interval and not yet put it back. */
    public boolean isTemporary() {
        return normal.isPresent();
    }

    /** {@code 30s}, or {@code 1s (normally 30s)}. */
    @Override
    public String toString() {
        return Durations.text(interval)
                + normal.map(value -> " (normally " + Durations.text(value) + ")")
                        .orElse("");
    }
}
