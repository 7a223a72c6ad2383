package dev.connectionregistry.core.internal.follow;

import java.time.Duration;

/** How much a delay varies at random. */
public enum Jitter {
    /** Exactly the delay. */
    NONE,
    /** Between 90 and 110 % of the delay, so that the instances of a fleet don't all read at the same time. */
    TENTH,
    /**
     * Between half of the delay and one and a half times as much, so that what a whole fleet does at once isn't
     * repeated at once.
     */
    HALF,
    /**
     * Anything from almost nothing up to the delay, so that the instances of a fleet don't all come back at the same
     * time.
     */
    FULL;

    private static final Duration SHORTEST_DELAY = Duration.ofMillis(50);

    /**
     * Applies the jitter to a delay.
     *
     * @param random between 0 and 1
     */
    public Duration applied(Duration nominal, double random) {
        double factor =
                switch (this) {
                    case NONE -> 1;
                    case TENTH -> 0.9 + 0.2 * random;
                    case HALF -> 0.5 + random;
                    case FULL -> random;
                };
        Duration delay = Duration.ofNanos((long) (nominal.toNanos() * factor));
        return this == FULL && delay.compareTo(SHORTEST_DELAY) < 0 ? SHORTEST_DELAY : delay;
    }
}
