package dev.connectionregistry.admin.history.stage;

import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Logical replication of one database from one server to the other. Its names are its own, so that several scenarios and both
 * directions fit on the same servers. The caller owns it and must drop it.
 */
public final class Replication implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final String name;
    private final String database;
    private final Database from;
    private final Database to;

    private Replication(String name, String database, Database from, Database to) {
        this.name = name;
        this.database = database;
        this.from = from;
        this.to = to;
    }

    /** Copies what there is and waits until it follows. */
    static Replication copying(String name, String database, Database from, Database to) throws SQLException {
        Replication replication = new Replication(name, database, from, to);
        replication.subscribe("copy_data = true");
        await("the initial copy of " + replication)
                .atMost(TIMEOUT)
                .pollInterval(LOOK)
                .until(() -> to.strings("""
                        SELECT count(*)
                        FROM pg_subscription_rel r
                        JOIN pg_subscription s ON s.oid = r.srsubid
                        WHERE s.subname = '%s' AND r.srsubstate <> 'r'
                        """.formatted(name)).equals(List.of("0")));
        return replication;
    }

    /** Goes on from a slot that is there already, made when both sides were equal. */
    static Replication from(String slot, String name, String database, Database from, Database to) throws SQLException {
        Replication replication = new Replication(name, database, from, to);
        replication.subscribe("copy_data = false, create_slot = false, slot_name = '" + slot + "'");
        return replication;
    }

    private void subscribe(String options) throws SQLException {
        to.execute("""
                CREATE SUBSCRIPTION %s
                CONNECTION '%s'
                PUBLICATION history
                WITH (%s)
                """.formatted(name, from.server().connectionString(database), options));
    }

    /** The subscription's name. */
    public String name() {
        return name;
    }

    /** Lets the subscriber take nothing more, until {@link #enable}. */
    public void disable() throws SQLException {
        to.execute("ALTER SUBSCRIPTION " + name + " DISABLE");
    }

    /** Ends a {@link #disable}. */
    public void enable() throws SQLException {
        to.execute("ALTER SUBSCRIPTION " + name + " ENABLE");
    }

    /** Waits until the subscriber has all that was committed when this was called. */
    public void awaitCaughtUp() throws SQLException {
        String position =
                from.strings("SELECT pg_current_wal_insert_lsn()::text").get(0);
        await("that " + this + " has reached " + position)
                .atMost(TIMEOUT)
                .pollInterval(LOOK)
                .until(() -> to.strings("""
                        SELECT (latest_end_lsn >= '%s'::pg_lsn)::text
                        FROM pg_stat_subscription
                        WHERE subname = '%s' AND relid IS NULL AND pid IS NOT NULL
                        """.formatted(position, name)).equals(List.of("true")));
    }

    /** Drops the subscription and its slot. */
    @Override
    public void close() throws SQLException {
        to.execute("DROP SUBSCRIPTION IF EXISTS " + name);
    }

    @Override
    public String toString() {
        return "the replication of " + from + " to " + to;
    }
}
