package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Capacity;
import dev.connectionregistry.admin.postgres.Decoding;
import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.replication.RowGaps;
import dev.connectionregistry.admin.replication.postgres.LiveGaps;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.admin.server.Sql;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Checks whether logical replication has what it needs, and how far it is. */
final class ReplicationChecks {
    /** How many tables of subscriptions aren't in sync yet. */
    static final String COPYING = "SELECT count(*) FROM pg_catalog.pg_subscription_rel WHERE srsubstate <> 'r'";

    private ReplicationChecks() {}

    /** On the target only the way back needs it. */
    static Finding walLevel(Map<String, String> settings, Access access) {
        if (Decoding.isPossible(settings)) {
            return Finding.pass(Decoding.words(settings));
        }
        String message = Decoding.words(settings) + " on the " + access;
        List<Remedy> remedies = List.of(
                access.remedy(Decoding.MAKE_POSSIBLE + ";"),
                Remedy.advice("restart it after that (on RDS: " + Decoding.ON_RDS + " in the parameter group)"));
        return access.side() == Side.SOURCE ? Finding.fail(message, remedies) : Finding.warn(message, remedies);
    }

    /**
     * The limits on the source's slots, or senders: one is needed for the subscription, and one for each table being
     * copied.
     */
    static List<Capacity> sourceRoom(Servers servers, String setting) throws ServerException {
        int copiers = servers.target().call(Capacity::copiedAtOnce);
        Capacity room = servers.source().call((session, end) -> Capacity.ofSource(session, end, setting, 1 + copiers));
        return List.of(room);
    }

    static List<Capacity> targetRoom(Servers servers) throws ServerException {
        return servers.target()
                .call((session, end) -> Capacity.ofTarget(session, end, 1, Capacity.copiedAtOnce(session, end)));
    }

    /** The tightest decides. */
    static Finding room(List<Capacity> rooms, Access access) {
        return rooms.stream()
                .map(each -> room(each, access))
                .min(Comparator.comparing(Finding::outcome))
                .orElseThrow();
    }

    static Finding room(Capacity room, Access access) {
        String side = access.side().word();
        String message = room.setting() + " is " + room.most() + " on the " + side + ", " + room.used() + " taken, "
                + room.free() + " free";
        if (room.free() >= room.wanted()) {
            return Finding.pass(message);
        }
        List<Remedy> remedies = List.of(
                access.remedy("ALTER SYSTEM SET " + room.setting() + " = " + (room.used() + room.wanted() + 5) + ";"),
                Remedy.advice("restart the " + side + " after that"));
        return room.free() < 1
                ? Finding.fail(message, remedies)
                : Finding.warn(message + ", " + room.wanted() + " needed while tables are copied", remedies);
    }

    private static final long MUCH = 100_000_000;
    private static final String SLOTS = """
            SELECT s.slot_name, s.active,
                   coalesce(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.confirmed_flush_lsn), 0)::bigint,
                   coalesce(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn), 0)::bigint,
                   ${IS_LOST}, coalesce(to_jsonb(s) ->> 'wal_status', '') = 'unreserved'
            FROM pg_catalog.pg_replication_slots s
            WHERE s.slot_name = ANY (?::text[])
            ORDER BY 1
            """.replace("${IS_LOST}", Decoding.SLOT_IS_LOST);

    /**
     * A slot of the source that feeds the target.
     *
     * @param lost whether the source has removed log that it needs
     * @param losing whether the source is about to
     */
    record Slot(String name, boolean active, long behind, long kept, boolean lost, boolean losing) {
        static List<Slot> read(Servers servers) throws ServerException {
            return servers.source()
                    .query(
                            SLOTS,
                            row -> new Slot(
                                    row.getString(1),
                                    row.getBoolean(2),
                                    row.getLong(3),
                                    row.getLong(4),
                                    row.getBoolean(5),
                                    row.getBoolean(6)),
                            servers.feeds().slots());
        }

        @Override
        public String toString() {
            return name + " is " + NameLists.bytes(behind) + " behind and keeps " + NameLists.bytes(kept)
                    + " of the log";
        }
    }

    static Finding lag(List<Slot> slots) {
        List<Slot> lost =
                slots.stream().filter(slot -> slot.lost() || slot.losing()).toList();
        if (!lost.isEmpty()) {
            return Finding.fail(
                    "the source has removed, or is about to remove, log that these need: " + NameLists.some(lost),
                    Remedy.advice("the copy has to be made again: replication stop, a larger max_slot_wal_keep_size,"
                            + " replication start"));
        }
        List<Slot> idle = slots.stream().filter(slot -> !slot.active()).toList();
        if (!idle.isEmpty()) {
            return Finding.fail(
                    "nothing reads from: " + NameLists.some(idle),
                    Remedy.advice("enable the subscription, and look into the target's log for what ends its worker"));
        }
        List<Slot> late = slots.stream().filter(slot -> slot.behind() > MUCH).toList();
        return late.isEmpty()
                ? Finding.pass(NameLists.some(slots))
                : Finding.warn(
                        NameLists.some(late),
                        Remedy.advice("wait until it is close behind, or look for what slows the target down"));
    }

    static List<RowGaps.Gap> gaps(Servers servers) throws ServerException {
        Feeds feeds = servers.feeds();
        return servers.source().call((source, end) -> servers.target()
                .call((target, both) -> new LiveGaps(source, target, feeds.proven()).look(both)));
    }

    static Finding rowCounts(List<RowGaps.Gap> gaps, Subject subject) {
        return gaps.isEmpty()
                ? Finding.pass("no small table differs; replication verify compares the others")
                : Finding.fail(
                        RowGaps.words(gaps),
                        subject.verify(),
                        Remedy.advice(
                                "where rows are missing on the target, copy them again: replication stop, empty the"
                                        + " tables on the target, replication plan and start"));
    }

    /**
     * From this version on, a subscriber makes slots for its copies, named after its subscription and its system
     * identifier.
     */
    private static final int COPIES_BY_SLOT = 14;
    /** The last condition leaves out the slots of our own copies: they have the table's oid in the middle. */
    private static final String OTHERS = """
            SELECT s.slot_name, s.slot_type, s.active,
                   coalesce(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn), 0)::bigint
            FROM pg_catalog.pg_replication_slots s
            WHERE NOT s.temporary AND (s.database IS NULL OR s.database = current_database())
              AND s.slot_name <> ALL (?::text[])
              AND (s.slot_name !~ '^pg_[0-9]+_sync_[0-9]+_[0-9]+$'
                  OR regexp_replace(s.slot_name, '_sync_[0-9]+', '') <> ALL (?::text[]))
            ORDER BY 1
            """;

    private static final String COPIERS = CatalogSql.sql("""
            SELECT 'pg_' || s.oid::text FROM pg_catalog.pg_subscription s WHERE s.subdbid = {database}
            """);

    /** A slot of the source that doesn't feed the target. */
    record OtherSlot(String name, String type, boolean active, long kept) {
        static List<OtherSlot> read(Servers servers) throws ServerException {
            return servers.source()
                    .query(
                            OTHERS,
                            row -> new OtherSlot(row.getString(1), row.getString(2), row.getBoolean(3), row.getLong(4)),
                            servers.feeds().slots(),
                            copiers(servers.target()));
        }

        /** {@code pg_16394_7312345678901234567}. */
        private static List<String> copiers(Server target) throws ServerException {
            if (target.major() < COPIES_BY_SLOT) {
                return List.of();
            }
            String system = target.identity().systemIdentifier();
            return NameLists.each(target.texts(COPIERS), each -> each + "_" + system);
        }

        @Override
        public String toString() {
            return name + " (" + type + (active ? ", in use" : ", not in use") + ", keeps " + NameLists.bytes(kept)
                    + ")";
        }
    }

    static Finding otherSlots(List<OtherSlot> slots) {
        if (slots.isEmpty()) {
            return Finding.pass("none");
        }
        List<Remedy> remedies = new ArrayList<>();
        remedies.add(Remedy.advice("plan how each reader continues: recreate a standby from the target; a reader of"
                + " changes begins at a slot that is made on the target"));
        List<OtherSlot> idle = slots.stream().filter(each -> !each.active()).toList();
        if (!idle.isEmpty()) {
            remedies.add(Remedy.advice("those that nobody uses any more can be dropped:"));
            idle.stream()
                    .map(each -> Sql.literal(each.name()).strip())
                    .forEach(name -> remedies.add(Remedy.onSource("SELECT pg_drop_replication_slot(" + name + ");")));
        }
        return Finding.warn(NameLists.count(slots.size(), "other slot") + ": " + NameLists.some(slots), remedies);
    }
}
