package dev.connectionregistry.local;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Copies tables of one database from one server to another and keeps them equal, until dropped: a publication on the source,
 * a subscription on the target.
 *
 * <p>The tables must exist on both servers; sequences are not copied. Thread-safe. The caller owns both servers and
 * must {@link #drop()} the replication, or close the servers.
 */
public final class LogicalReplication {

    /** The default name of the publication, the subscription and its slot. */
    public static final String NAME = "local_replication";

    private final String name;
    private final LocalPostgres old;
    private final LocalPostgres next;
    private final String database;

    private LogicalReplication(String name, LocalPostgres old, LocalPostgres next, String database) {
        this.name = name;
        this.old = old;
        this.next = next;
        this.database = database;
    }

    /**
     * Creates the publication and the subscription; the copy then runs in the background.
     *
     * @param database its name on both servers
     * @param tables as they are written in SQL; none for all tables of the database
     * @throws SQLException if a table is missing, or the replication already exists
     */
    public static LogicalReplication start(LocalPostgres old, LocalPostgres next, String database, String... tables)
            throws SQLException {
        return startNamed(NAME, old, next, database, tables);
    }

    /**
     * The same under another name, since the slots of all databases of a server must have different names.
     *
     * @param name of the publication, the subscription and its slot: lower-case letters, digits and {@code _}
     */
    public static LogicalReplication startNamed(
            String name, LocalPostgres old, LocalPostgres next, String database, String... tables) throws SQLException {
        String which = tables.length == 0
                ? "ALL TABLES"
                : "TABLE " + Arrays.stream(tables).collect(Collectors.joining(", "));
        old.execute(database, "CREATE PUBLICATION " + name + " FOR " + which);
        next.execute(database, String.format(Locale.ROOT, """
                CREATE SUBSCRIPTION %1$s
                CONNECTION %2$s
                PUBLICATION %1$s
                """, name, Sql.literal(old.connectionString(database))));
        return new LogicalReplication(name, old, next, database);
    }

    /**
     * Waits until every table has been copied and is following the changes.
     *
     * @throws LocalServerException if that takes too long
     * @throws SQLException if the target cannot be asked
     */
    public LogicalReplication awaitInitialCopy(Duration timeout) throws SQLException {
        String sql = """
                SELECT count(*) > 0 AND bool_and(r.srsubstate = 'r')
                FROM pg_subscription_rel r
                JOIN pg_subscription s ON s.oid = r.srsubid
                WHERE s.subname = ?
                """;
        await("The initial copy", timeout, next, sql, name);
        return this;
    }

    /**
     * Waits until the target has everything that was committed on the source when this was called.
     *
     * @throws LocalServerException if that takes too long
     * @throws SQLException if the source cannot be asked
     */
    public LogicalReplication awaitCaughtUp(Duration timeout) throws SQLException {
        String lsn;
        try (Connection connection = old.connect(database);
                ResultSet result = connection.createStatement().executeQuery("SELECT pg_current_wal_lsn()::text")) {
            result.next();
            lsn = result.getString(1);
        }
        String sql = """
                SELECT coalesce(bool_and(confirmed_flush_lsn >= ?::pg_lsn), false)
                FROM pg_replication_slots
                WHERE slot_name = ?
                """;
        await("The target at " + lsn, timeout, old, sql, lsn, name);
        return this;
    }

    /**
     * Drops the subscription with its slot, and the publication. If the source cannot be reached, only the subscription
     * is dropped.
     *
     * @throws SQLException if the target cannot be reached
     */
    public void drop() throws SQLException {
        if (old.isRunning()) {
            next.execute(database, "DROP SUBSCRIPTION IF EXISTS " + name);
            old.execute(database, "DROP PUBLICATION IF EXISTS " + name);
        } else {
            next.execute(
                    database,
                    "ALTER SUBSCRIPTION " + name + " DISABLE",
                    "ALTER SUBSCRIPTION " + name + " SET (slot_name = NONE)",
                    "DROP SUBSCRIPTION " + name);
        }
    }

    private void await(String what, Duration timeout, LocalPostgres server, String sql, String... parameters)
            throws SQLException {
        Deadline deadline = Deadline.in(timeout);
        try (Connection connection = server.connect(database);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            if (!deadline.await(what, () -> isTrue(statement))) {
                throw new LocalServerException(what + " was not complete within " + timeout + ", from " + old + " to "
                        + next + "\n" + next.logTail(10));
            }
        }
    }

    private static boolean isTrue(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            return result.next() && result.getBoolean(1);
        }
    }
}
