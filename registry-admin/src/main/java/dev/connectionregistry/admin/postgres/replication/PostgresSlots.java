package dev.connectionregistry.admin.postgres.replication;

import dev.connectionregistry.admin.postgres.session.Remedies;
import dev.connectionregistry.admin.postgres.session.Session;
import dev.connectionregistry.admin.replication.server.Slot;
import dev.connectionregistry.admin.replication.server.Slots;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;

/** The slots over one session. */
final class PostgresSlots implements Slots {
    private static final String ALL = "SELECT s.slot_name, coalesce(s.plugin, ''), s.active,"
            + " coalesce(to_jsonb(s) ->> 'wal_status', '') = 'lost' OR s.restart_lsn IS NULL"
            + " FROM pg_catalog.pg_replication_slots s WHERE s.slot_type = 'logical' AND s.database = current_database()"
            + " ORDER BY 1";
    private static final String CREATE =
            "SELECT slot_name::text FROM pg_catalog.pg_create_logical_replication_slot(?, 'pgoutput')";
    private static final String DISCONNECT = "SELECT pg_catalog.pg_terminate_backend(s.active_pid)::text"
            + " FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = ? AND s.database = current_database()"
            + " AND s.active";
    private static final String DROP = "SELECT pg_catalog.pg_drop_replication_slot(slot_name)::text"
            + " FROM pg_catalog.pg_replication_slots WHERE slot_name = ? AND database = current_database()";

    private final Session session;

    PostgresSlots(Session session) {
        this.session = session;
    }

    @Override
    public List<Slot> all(Duration bound) throws ServerException {
        return session.call(
                "list slots",
                Remedies.NONE,
                bound,
                end -> session.query(
                        end,
                        ALL,
                        row -> new Slot(row.getString(1), row.getString(2), row.getBoolean(3), row.getBoolean(4))));
    }

    @Override
    public void create(String name, Duration bound) throws ServerException {
        one("make slot " + name, Remedies.REPLICATION, CREATE, name, bound);
    }

    @Override
    public void disconnect(String name, Duration bound) throws ServerException {
        one("disconnect whoever uses slot " + name, Remedies.SIGNAL, DISCONNECT, name, bound);
    }

    @Override
    public void drop(String name, Duration bound) throws ServerException {
        one("drop slot " + name, Remedies.REPLICATION, DROP, name, bound);
    }

    private void one(String what, String remedy, String sql, String name, Duration bound) throws ServerException {
        session.call(
                what, remedy, bound, end -> session.query(end, sql, row -> String.valueOf(row.getString(1)), name));
    }
}
