package dev.connectionregistry.admin.cutover.explore;

import java.util.stream.IntStream;

/** A part of a {@link World}: some bits of one of its words. */
final class Field {
    private static int used; // bits handed out so far; written by the initialiser only

    /** One more than the highest version that there can be in a search. */
    static final int VERSIONS = 18;

    /** Each instance's state in the {@link Fleet}. */
    static final Field[] INSTANCE = of(2, 16);
    /** Each instance's transaction on the source: {@link World#IDLE}, {@link World#OWN}, {@link World#ORPHAN}. */
    static final Field[] TRANSACTION = of(2, 2);
    /** Whether each instance has sessions on the source that began without a fence. */
    static final Field[] WRITERS = of(2, 1);
    /**
     * What is last known of each instance about the version that stands, by its report or by the secret that says HELD; 0 for
     * nothing of use, else {@link Fleet.Says}.
     */
    static final Field[] REPORT = of(2, 2);
    /** Whether that was said before the instance was killed and started again. */
    static final Field[] SAID_BEFORE = of(2, 1);
    /** The version that stood when each instance was started again, until it has read that or a newer one; else 0. */
    static final Field[] STARTED_AT = of(2, 5);
    /** The version that stands in the registry. */
    static final Field VERSION = of(1, 5)[0];
    /** Whether the run is open: its lock held, its journal not closed. */
    static final Field OPEN = of(1, 1)[0];
    /** Whose epoch stands: bit 0 for the first coordinator, bit 1 for the second. */
    static final Field EPOCH = of(1, 2)[0];
    /** Who has a session that may fence each source: a bit for each coordinator; two only where a rule is left out. */
    static final Field[] SESSION = of(2, 2);
    /** What each version says; 0 for those that nobody can read any more. */
    static final Field[] CONTENT = of(VERSIONS, 4);
    /** Whose secret announces each version, as {@link World#revealed} says; 0 if none is revealed, or nobody can use it any more. */
    static final Field[] REVEALED = of(VERSIONS, 2);
    /** Each coordinator's state: {@link World#ABSENT}, {@link World#GONE}, or a number of a run's state. */
    static final Field[] RUN = of(2, 10);
    /** The version that each coordinator last read or wrote. */
    static final Field[] SEEN = of(2, 5);
    /**
     * Each coordinator's barrier for each source, the first coordinator's first: 0 before it has a position, else one more than what is
     * still missing there.
     */
    static final Field[] BARRIER = of(4, 3);
    /** Where a barrier is that is taken too early, as {@link #LAG}; only where that rule is left out. */
    static final Field[] POSITION_EARLY = of(2, 2);
    /** A write on its way: 0 for none, else whose: 1 or 2. */
    static final Field PENDING = of(1, 2)[0];
    /** What it says. */
    static final Field PENDING_CONTENT = of(1, 4)[0];
    /** The version that must stand for it to take effect. */
    static final Field PENDING_AFTER = of(1, 5)[0];
    /** Whether the fence of each source is up. */
    static final Field[] FENCE = of(2, 1);
    /** Commits on each source that its target doesn't have yet. */
    static final Field[] LAG = of(2, 2);
    /** Whether there are two names, each on a Postgres database of its own, with one instance each. */
    static final Field TWO_NAMES = of(1, 1)[0];
    /**
     * Whether each instance's transaction is that of a thread which waits for a connection of the other instance, in one process with
     * both.
     */
    static final Field[] WAITS = of(2, 1);
    /** Whether each instance's transaction was let through its closed gate. */
    static final Field[] LET_IN = of(2, 1);
    /** Whether a time limit has opened a gate of the process, whose instances no longer hold together then. */
    static final Field APART = of(1, 1)[0];
    /** Whether any instance ever handed out a connection to the target. */
    static final Field HANDED_OUT = of(1, 1)[0];
    /** How many faults of each sort there were, by {@link Fault}. */
    static final Field[] FAULTS = of(Fault.values().length, 2);
    /** Which cutover it is: 0 for the first, else the code of the {@link Writer} of the second. */
    static final Field CUTOVER = of(1, 2)[0];
    /** What was revealed although it was not written: 0 for nothing, else one more than its kind; only where a rule is left out. */
    static final Field UNTRUE_KIND = of(1, 2)[0];
    /** The version of that. */
    static final Field UNTRUE_VERSION = of(1, 5)[0];
    /** Whose secret that was, as in {@link #REVEALED}. */
    static final Field UNTRUE_BY = of(1, 2)[0];

    /** Those that each instance has. */
    static final Field[][] PER_INSTANCE = {INSTANCE, TRANSACTION, WRITERS, REPORT, SAID_BEFORE, STARTED_AT};

    static final int WORDS = 5;

    private final int word;
    private final int shift;
    private final long mask;

    private Field(int bits) {
        if (used % 64 + bits > 64) {
            used += 64 - used % 64;
        }
        word = used / 64;
        shift = used % 64;
        mask = (1L << bits) - 1;
        used += bits;
    }

    private static Field[] of(int count, int bits) {
        return IntStream.range(0, count).mapToObj(i -> new Field(bits)).toArray(Field[]::new);
    }

    int in(long[] words) {
        return (int) ((words[word] >>> shift) & mask);
    }

    void put(long[] words, long value) {
        if ((value & ~mask) != 0) {
            throw new IllegalArgumentException(value + " doesn't fit into " + Long.bitCount(mask) + " bits");
        }
        words[word] = (words[word] & ~(mask << shift)) | (value << shift);
    }
}
