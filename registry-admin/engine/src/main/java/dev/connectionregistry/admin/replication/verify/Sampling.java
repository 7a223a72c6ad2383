package dev.connectionregistry.admin.replication.verify;

/**
 * Of which rows the contents are compared; keys and counts are always compared of all. Immutable.
 *
 * @param perTenThousand how many of ten thousand; 10000 for all
 * @param seed which of them; another seed chooses others
 */
public record Sampling(int perTenThousand, int seed) {
    /** Of ten thousand. */
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
