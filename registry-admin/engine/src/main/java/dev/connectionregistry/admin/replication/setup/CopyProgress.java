package dev.connectionregistry.admin.replication.setup;

import java.time.Duration;

/**
 * The progress of the copy of a table, or of a slice of it.
 *
 * @param label the table, with the slice
 * @param number its number among all copies, from 1
 * @param of how many there are
 * @param phase what happens to it
 * @param rows how many rows have arrived; -1 if the server doesn't say
 * @param expectedRows how many are expected, by the estimate
 * @param bytes how many were read, or have arrived; -1 if the server doesn't say
 * @param expectedBytes its size on the source's disk
 * @param elapsed the time since it was begun, or first seen
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
        /** Its rows have arrived, and what changed meanwhile is being applied. */
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

    /** Whether it is being copied, but nothing has arrived yet. */
    public boolean hasNothingYet() {
        return phase == Phase.COPYING && rows <= 0 && bytes <= 0;
    }

    /** How much of it has arrived, 0 to 1; 1 only if all of it has. Negative if that is unknown. */
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
