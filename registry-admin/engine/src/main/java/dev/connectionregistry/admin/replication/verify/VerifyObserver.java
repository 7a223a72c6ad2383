package dev.connectionregistry.admin.replication.verify;

import java.time.Duration;

/** Is told how verifying goes, on its caller's thread. */
public interface VerifyObserver {
    /** What was found at the beginning. */
    void begun(int tables, String waitedFor);

    /**
     * What is being done; again and again while it is.
     *
     * @param place of the table, from 1
     * @param table which
     * @param what {@code counting and hashing}
     * @param elapsed since this began
     */
    void at(int place, String table, String what, Duration elapsed);

    /** A table is done. */
    void ended(int place, TableVerdict verdict);
}
