package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;
import java.util.Set;

/** The target is close behind. */
final class LagCheck implements ServerCheck {
    private static final long MUCH = 100_000_000;
    private static final String SLOTS = "SELECT s.slot_name, s.active,"
            + " coalesce(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.confirmed_flush_lsn), 0)::bigint,"
            + " coalesce(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn), 0)::bigint,"
            + " coalesce(to_jsonb(s) ->> 'wal_status', '') FROM pg_catalog.pg_replication_slots s"
            + " WHERE s.slot_name = ANY (?::text[]) ORDER BY 1";

    /** A slot of the source that feeds the target. */
    record Slot(String name, boolean active, long behind, long kept, String walStatus) {
        @Override
        public String toString() {
            return name + " is " + NameLists.bytes(behind) + " behind and keeps " + NameLists.bytes(kept)
                    + " of the log";
        }
    }

    @Override
    public About about() {
        return new About(
                "replication-lag",
                Group.REPLICATION,
                "What the target lacks at the hold is what callers wait for; what a slot keeps fills the disk.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Feeds feeds = servers.feeds();
        return feeds.working().isEmpty()
                ? Feeds.notYet()
                : judge(servers.source()
                        .query(
                                SLOTS,
                                row -> new Slot(
                                        row.getString(1),
                                        row.getBoolean(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getString(5)),
                                feeds.slots()));
    }

    static Finding judge(List<Slot> slots) {
        List<Slot> lost = slots.stream()
                .filter(slot -> Set.of("lost", "unreserved").contains(slot.walStatus()))
                .toList();
        if (!lost.isEmpty()) {
            return Finding.fail(
                    "the source has removed, or is about to remove, log that these need: " + NameLists.some(lost),
                    Remedy.advice("the copy has to be made again: replication stop, a larger max_slot_wal_keep_size,"
                            + " replication start"));
        }
        List<Slot> idle = slots.stream().filter(slot -> !slot.active()).toList();
        if (!idle.isEmpty()) {
            return Finding.fail(
                    "nobody reads from: " + NameLists.some(idle),
                    Remedy.advice("enable the subscription, and look into the target's log for what ends its worker"));
        }
        List<Slot> late = slots.stream().filter(slot -> slot.behind() > MUCH).toList();
        return late.isEmpty()
                ? Finding.pass(NameLists.some(slots))
                : Finding.warn(
                        NameLists.some(late),
                        Remedy.advice("wait until it is close behind, or look for what slows the target down"));
    }
}
