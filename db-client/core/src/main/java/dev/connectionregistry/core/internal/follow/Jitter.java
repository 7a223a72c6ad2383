package dev.connectionregistry.core.internal.follow;

import java.time.Duration;

/** How much chance goes into a delay. */
public enum Jitter {
    /** Exactly the delay. */
    NONE,
    /** Between 90 and 110 % of it, so that a fleet doesn't read in step. */
    TENTH,
    /** Between half of it and one and a half times as much, so that what a fleet does at once isn't repeated at once. */
    HALF,
    /** Anything from next to nothing up to it, so that a fleet doesn't come back in step. */
    FULL;

    private static final Duration SHORTEST_DELAY = Duration.ofMillis(50);

    /**
     * The delay to keep to.
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
