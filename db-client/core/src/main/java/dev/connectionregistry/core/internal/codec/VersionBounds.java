package dev.connectionregistry.core.internal.codec;

import java.math.BigInteger;
import java.util.Locale;

/**
 * How far a version may be above the newest one known. Versions only rise, so a single huge number that everyone believes could
 * never be overtaken again; it is taken for a mistake or a forgery instead. The rule of instances and of operators' tools alike.
 */
public final class VersionBounds {
    /** How far above the newest version that is known. */
    public static final long LARGEST_STEP = 1_000_000;

    /** The largest version to begin with, where none is known. */
    public static final long LARGEST_FIRST = 1_000_000_000;

    private VersionBounds() {}

    /** The largest version that may follow {@code known}; 0 stands for none. */
    public static long largestAfter(long known) {
        return known <= 0
                ? LARGEST_FIRST
                : known > Long.MAX_VALUE - LARGEST_STEP ? Long.MAX_VALUE : known + LARGEST_STEP;
    }

    /** Whether {@code version} may be believed where {@code known} is the newest one so far; 0 stands for none. */
    public static boolean isPlausible(long known, long version) {
        return version <= largestAfter(known);
    }

    /** Why {@code version} isn't plausible, for a message. */
    public static String complaint(long known, long version) {
        BigInteger above = BigInteger.valueOf(version).subtract(BigInteger.valueOf(Math.max(0, known)));
        return known <= 0
                ? String.format(Locale.ROOT, "it is above %,d, with which no database begins", LARGEST_FIRST)
                : String.format(
                        Locale.ROOT,
                        "it is %,d above version %d, the newest known; at most %,d is believed",
                        above,
                        known,
                        LARGEST_STEP);
    }
}
