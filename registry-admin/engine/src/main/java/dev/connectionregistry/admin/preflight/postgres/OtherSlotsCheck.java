package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;

/** Nobody else reads the log of the source. */
final class OtherSlotsCheck implements ServerCheck {
    private static final String OTHERS = "SELECT s.slot_name, s.slot_type, s.active,"
            + " coalesce(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn), 0)::bigint"
            + " FROM pg_catalog.pg_replication_slots s WHERE NOT s.temporary AND (s.database IS NULL"
            + " OR s.database = current_database()) AND s.slot_name <> ALL (?::text[])"
            // what a subscriber makes while it copies a table, by its subscription and its system
            + " AND (s.slot_name !~ '^pg_[0-9]+_sync_[0-9]+_[0-9]+$' OR regexp_replace(s.slot_name,"
            + " '_sync_[0-9]+', '') <> ALL (?::text[])) ORDER BY 1";
    /** From here on a subscriber makes slots for its copies. */
    private static final int COPIES_BY_SLOT = 14;

    private static final String COPYING = "SELECT 'pg_' || s.oid::text FROM pg_catalog.pg_subscription s"
            + " WHERE s.subdbid = " + CatalogSql.DATABASE;

    @Override
    public About about() {
        return new About(
                "other-slots",
                Group.REPLICATION,
                "Standbys and readers of changes do not move along: they go on reading a server that nothing is written to.");
    }

    /** {@code pg_16394_7312345678901234567}: a slot for the copy of a table has the table's number in between. */
    private static List<String> copying(Server target) throws ServerException {
        if (target.major() < COPIES_BY_SLOT) {
            return List.of();
        }
        String system = target.identity().systemIdentifier();
        return target.texts(COPYING).stream().map(each -> each + "_" + system).toList();
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<String> found = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        servers.source()
                .query(
                        OTHERS,
                        row -> {
                            String name = row.getString(1);
                            if (!row.getBoolean(3)) {
                                remedies.add(Remedy.onSource("SELECT pg_drop_replication_slot("
                                        + SqlText.literal(name).strip() + ");"));
                            }
                            return found.add(
                                    name + " (" + row.getString(2) + (row.getBoolean(3) ? ", in use" : ", not in use")
                                            + ", keeps " + NameLists.bytes(row.getLong(4)) + ")");
                        },
                        servers.feeds().slots(),
                        copying(servers.target()));
        if (found.isEmpty()) {
            return Finding.pass("none");
        }
        List<Remedy> all = new ArrayList<>();
        all.add(Remedy.advice(
                "plan how each reader goes on: a standby is made again from the target, a reader of changes begins"
                        + " at a slot that is made there"));
        if (!remedies.isEmpty()) {
            all.add(Remedy.advice("those that nobody uses any more can be dropped:"));
            all.addAll(remedies);
        }
        return Finding.warn(NameLists.count(found.size(), "other slot") + ": " + NameLists.some(found), all);
    }
}
