package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Decoding;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.server.Slots;
import dev.connectionregistry.admin.replication.server.Slots.OpenTransaction;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The slots over one session. */
final class PostgresSlots implements Slots {
    private static final String ALL = """
            SELECT s.slot_name, coalesce(s.plugin, ''), s.active,
              ${IS_LOST}
            FROM pg_catalog.pg_replication_slots s
            WHERE s.slot_type = 'logical' AND s.database = current_database()
            ORDER BY 1
            """.replace("${IS_LOST}", Decoding.SLOT_IS_LOST);
    private static final String CREATE =
            "SELECT slot_name::text FROM pg_catalog.pg_create_logical_replication_slot(?, 'pgoutput')";
    /** The transactions of every database; one without an xid has written nothing, so a slot doesn't wait for it. */
    private static final String WAITED_FOR = """
            SELECT owner, floor(extract(epoch FROM clock_timestamp() - since))::bigint
            FROM (
              SELECT xact_start AS since, coalesce(usename, backend_type) || ' (pid ' || pid || ')' AS owner
              FROM pg_catalog.pg_stat_activity
              WHERE pid <> pg_backend_pid() AND backend_xid IS NOT NULL
              UNION ALL
              SELECT prepared, 'prepared transaction ' || gid || ' of ' || owner
              FROM pg_catalog.pg_prepared_xacts
            ) AS open
            WHERE since IS NOT NULL
            ORDER BY since
            LIMIT 1
            """;

    private static final String DISCONNECT = """
            SELECT pg_catalog.pg_terminate_backend(s.active_pid)::text
            FROM pg_catalog.pg_replication_slots s
            WHERE s.slot_name = ? AND s.database = current_database() AND s.active
            """;
    private static final String DROP = """
            SELECT pg_catalog.pg_drop_replication_slot(slot_name)::text
            FROM pg_catalog.pg_replication_slots
            WHERE slot_name = ? AND database = current_database()
            """;

    private final Session session;

    PostgresSlots(Session session) {
        this.session = session;
    }

    @Override
    public List<Slot> all(Duration bound) throws ServerException {
        return session.ask(
                "list slots",
                bound,
                ALL,
                row -> new Slot(row.getString(1), row.getString(2), row.getBoolean(3), row.getBoolean(4)));
    }

    @Override
    public Optional<OpenTransaction> waitsFor(Duration bound) throws ServerException {
        return session
                .ask(
                        "look at open transactions",
                        bound,
                        WAITED_FOR,
                        row -> new OpenTransaction(row.getString(1), Duration.ofSeconds(row.getLong(2))))
                .stream()
                .findFirst();
    }

    @Override
    public void create(String name, Duration bound) throws ServerException {
        one("make slot " + name, Remedies.REPLICATION, CREATE, name, bound);
    }

    @Override
    public void disconnect(String name, Duration bound) throws ServerException {
        one("disconnect the user of slot " + name, Remedies.SIGNAL, DISCONNECT, name, bound);
    }

    @Override
    public void drop(String name, Duration bound) throws ServerException {
        one("drop slot " + name, Remedies.REPLICATION, DROP, name, bound);
    }

    private void one(String what, String remedy, String sql, String name, Duration bound) throws ServerException {
        session.ask(what, remedy, bound, sql, row -> String.valueOf(row.getString(1)), name);
    }
}
