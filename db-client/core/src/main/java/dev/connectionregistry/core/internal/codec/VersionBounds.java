package dev.connectionregistry.core.internal.codec;

import java.math.BigInteger;
import java.util.Locale;

/**
 * How far a version may be above the newest known one. Versions only rise, so no write could ever exceed a single huge
 * number that everyone believed. Such a number is treated as a mistake or a forgery. Instances and operators' tools use
 * the same rule.
 */
public final class VersionBounds {
    /** How far a version may be above the newest known one. */
    public static final long LARGEST_STEP = 1_000_000;

    /** The largest version that is believed when none is known. */
    public static final long LARGEST_FIRST = 1_000_000_000;

    private VersionBounds() {}

    /** The largest version that may follow {@code known}; 0 means that no version is known. */
    public static long largestAfter(long known) {
        return known <= 0
                ? LARGEST_FIRST
                : known > Long.MAX_VALUE - LARGEST_STEP ? Long.MAX_VALUE : known + LARGEST_STEP;
    }

    /**
     * Whether {@code version} is believable when {@code known} is the newest version so far; 0 means that no version is
     * known.
     */
    public static boolean isPlausible(long known, long version) {
        return version <= largestAfter(known);
    }

    /** Why {@code version} isn't believable, for a message. */
    public static String complaint(long known, long version) {
        BigInteger above = BigInteger.valueOf(version).subtract(BigInteger.valueOf(Math.max(0, known)));
        return known <= 0
                ? String.format(Locale.ROOT, "it is above %,d, the largest first version", LARGEST_FIRST)
                : String.format(
                        Locale.ROOT,
                        "it is %,d above version %d, the newest known; at most %,d is believed",
                        above,
                        known,
                        LARGEST_STEP);
    }
}
