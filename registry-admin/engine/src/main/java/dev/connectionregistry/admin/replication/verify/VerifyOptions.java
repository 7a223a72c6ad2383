package dev.connectionregistry.admin.replication.verify;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * How to verify. Immutable.
 *
 * @param only these tables, as people write them; empty for all
 * @param except all tables except these
 * @param marks {@code TABLE:COLUMN=VALUE}: compares only the rows of the table below the value
 * @param after the same, but the rows from the value on
 * @param perTenThousand of how many rows in ten thousand the contents are compared; empty for all rows of small tables
 *     and some of large ones
 * @param seed chooses which rows; another seed chooses others
 * @param direct whether to compare at once, without waiting for replication
 * @param settle with {@code direct}: how long to wait instead
 * @param patience how long the target may take to catch up
 * @param limit how long a statement may take
 * @param pause how long to rest between tables
 * @param keys how many keys to name for each table
 */
public record VerifyOptions(
        List<String> only,
        List<String> except,
        List<String> marks,
        List<String> after,
        OptionalInt perTenThousand,
        int seed,
        boolean direct,
        Duration settle,
        Duration patience,
        Duration limit,
        Duration pause,
        int keys) {
    /** A table of up to this many bytes counts as small. */
    public static final long SMALL_BYTES = 1L << 30;
    /** For a table that isn't small, one row in a hundred. */
    public static final int SOME = 100;

    public VerifyOptions {
        only = List.copyOf(only);
        except = List.copyOf(except);
        marks = List.copyOf(marks);
        after = List.copyOf(after);
    }

    /** The sampling for a table of that size. */
    public Sampling sampling(long bytes) {
        return new Sampling(perTenThousand.orElse(bytes <= SMALL_BYTES ? Sampling.ALL : SOME), seed);
    }

    /**
     * Of which rows the contents are compared; keys and counts are always compared for all. Immutable.
     *
     * @param perTenThousand how many rows in ten thousand; 10000 for all
     * @param seed chooses which rows; another seed chooses others
     */
    public record Sampling(int perTenThousand, int seed) {
        /** All of ten thousand. */
        public static final int ALL = 10_000;

        /** Whether every row is compared. */
        public boolean isAll() {
            return perTenThousand >= ALL;
        }

        /** {@code all}, {@code 2.5 %}. */
        @Override
        public String toString() {
            return isAll()
                    ? "all"
                    : perTenThousand % 100 == 0 ? perTenThousand / 100 + " %" : perTenThousand / 100.0 + " %";
        }
    }
}
