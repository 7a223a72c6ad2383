package dev.connectionregistry.benchmarks.replication;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.benchmarks.cutover.stage.Sql;
import dev.connectionregistry.local.LocalPostgres;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The table on the source, filled once, and on the target, made again for each copy. For one thread.
 *
 * @param servers where; they stay the caller's
 */
record BenchmarkTables(Servers servers) {
    static final String DATABASE = "items";
    private static final String TABLE = "CREATE TABLE items (id bigint PRIMARY KEY, content text NOT NULL)";
    /** A row is about a kilobyte. */
    private static final int ROWS_IN_A_MEGABYTE = 1000;

    /** Fills the source's. */
    static BenchmarkTables create(Servers servers, int megabytes) throws SQLException {
        servers.old()
                .createDatabase(DATABASE)
                .execute(DATABASE, TABLE, """
                        INSERT INTO items
                        SELECT g, repeat(md5(g::text), 31)
                        FROM generate_series(1, %s) g
                        """.formatted((long) megabytes * ROWS_IN_A_MEGABYTE), "VACUUM ANALYZE items");
        return new BenchmarkTables(servers);
    }

    /** Empties the target, and lets both servers put behind them what they still have to write. */
    void reset() throws SQLException {
        LocalPostgres target = servers.next();
        target.execute("postgres", "DROP DATABASE IF EXISTS " + DATABASE);
        target.createDatabase(DATABASE).execute(DATABASE, TABLE, "CHECKPOINT");
        servers.old().execute(DATABASE, "CHECKPOINT");
    }

    /** How large the source's table is, with its index. */
    long bytes() throws SQLException {
        try (Connection connection = servers.old().connect(DATABASE)) {
            return Sql.number(connection, "SELECT pg_total_relation_size('items')");
        }
    }

    /**
     * That the target has it all.
     *
     * @throws BenchmarkException if not: then there was nothing to measure
     */
    void requireCopied() throws SQLException {
        String count = "SELECT count(*) FROM items";
        try (Connection source = servers.old().connect(DATABASE);
                Connection target = servers.next().connect(DATABASE)) {
            long wanted = Sql.number(source, count);
            long found = Sql.number(target, count);
            if (wanted != found) {
                throw new BenchmarkException("of " + wanted + " rows " + found + " were copied");
            }
        }
    }
}
