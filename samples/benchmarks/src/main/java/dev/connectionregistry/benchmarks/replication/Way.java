package dev.connectionregistry.benchmarks.replication;

import java.sql.SQLException;

/** A way to bring a table to another server and keep it following. For one thread. */
interface Way {
    /** For people. */
    String title();

    /** What may be done before the clock starts, with the target's table there and empty. */
    void prepare() throws SQLException;

    /** Copies, and returns when the table follows. */
    void copy() throws SQLException;

    /** Ends the replication on both servers. */
    void end() throws SQLException;
}
