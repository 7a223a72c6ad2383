package dev.connectionregistry.settings;

import java.time.Duration;
import java.util.Optional;

/**
 * How often instances read the registry. While an operation has shortened the interval, {@code normal} remembers the
 * previous one, so that anyone can see that the current interval is temporary and can restore it, even after the
 * operator's machine has died.
 *
 * @param interval the current interval, {@link #MINIMUM} to {@link #MAXIMUM}
 * @param normal the interval to restore; present only while the current one is temporary
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

    /** With a permanent interval. */
    public static Polling every(Duration interval) {
        return new Polling(interval, Optional.empty());
    }

    /** The interval that applies when no operation has shortened it. */
    public Duration lasting() {
        return normal.orElse(interval);
    }

    /** Shortened to {@code temporary} during an operation; remembers the permanent interval. */
    public Polling shortenedTo(Duration temporary) {
        return new Polling(temporary, Optional.of(lasting()));
    }

    /** With the permanent interval restored. */
    public Polling restored() {
        return every(lasting());
    }

    /** Whether an operation has shortened the interval and not yet restored it. */
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
