package dev.connectionregistry.admin.replication.setup;

import java.time.Duration;

/**
 * How the copy of a table, or of a slice of it, stands.
 *
 * @param label the table, with the slice
 * @param number its place among all, from 1
 * @param of how many there are
 * @param phase what happens to it
 * @param rows that are there; -1 if the server doesn't say
 * @param expectedRows as estimated
 * @param bytes that were read, or are there; -1 if the server doesn't say
 * @param expectedBytes on the source's disk
 * @param elapsed since it was begun, or seen for the first time
 */
public record CopyProgress(
        String label,
        int number,
        int of,
        Phase phase,
        long rows,
        long expectedRows,
        long bytes,
        long expectedBytes,
        Duration elapsed) {
    /** What happens to a table. */
    public enum Phase {
        /** It waits for a worker. */
        WAITING("waiting for a worker"),
        /** Its rows are being copied. */
        COPYING("copying"),
        /** Its rows are there, and what changed meanwhile is applied. */
        CATCHING_UP("catching up"),
        /** It follows the changes like the others. */
        FOLLOWS("follows");

        private final String words;

        Phase(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Whether it is being copied, and nothing has come yet. */
    public boolean hasNothingYet() {
        return phase == Phase.COPYING && rows <= 0 && bytes <= 0;
    }

    /** How much of it is there, 0 to 1; never whole before it is. Negative if nobody can tell. */
    public double share() {
        if (phase == Phase.FOLLOWS || phase == Phase.CATCHING_UP) {
            return 1;
        }
        if (phase == Phase.WAITING) {
            return 0;
        }
        if (rows >= 0 && expectedRows > 0) {
            return Math.min(0.99, (double) rows / expectedRows);
        }
        return bytes >= 0 && expectedBytes > 0 ? Math.min(0.99, (double) bytes / expectedBytes) : -1;
    }
}
