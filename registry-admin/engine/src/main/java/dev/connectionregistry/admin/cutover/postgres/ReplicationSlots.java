package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.postgres.Bound;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.Following.State;
import dev.connectionregistry.admin.replication.postgres.follow.FollowProof;
import dev.connectionregistry.admin.replication.postgres.follow.Followed;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which subscriptions of the new server are shown to read from slots of the old one, and how far these slots are. */
final class ReplicationSlots {
    /** A target that needs longer for a few kilobytes is too far behind for a hold anyway. */
    private static final Duration PROOF = Duration.ofSeconds(20);

    private static final String SLOTS = """
            SELECT slot_name FROM pg_catalog.pg_replication_slots
            WHERE slot_type = 'logical' AND database = current_database() ORDER BY 1
            """;
    private static final String COPYING = "SELECT srrelid::regclass::text FROM pg_catalog.pg_subscription_rel"
            + " WHERE srsubstate <> 'r' ORDER BY 1";
    private static final String BEHIND = "SELECT wanted, coalesce(s.active, false),"
            + " coalesce(s.confirmed_flush_lsn::text, 'nothing'),"
            + " coalesce(pg_wal_lsn_diff(?::pg_lsn, s.confirmed_flush_lsn), -1)::bigint"
            + " FROM unnest(?::text[]) AS wanted LEFT JOIN pg_catalog.pg_replication_slots s ON s.slot_name = wanted"
            + " WHERE (s.confirmed_flush_lsn >= ?::pg_lsn) IS NOT TRUE ORDER BY 1";

    private final Session old;
    private final Session fresh;
    private final @Nullable String wanted;

    ReplicationSlots(Session old, Session fresh, @Nullable String wanted) {
        this.old = old;
        this.fresh = fresh;
        this.wanted = wanted;
    }

    /** A slot that isn't there yet. */
    record Progress(String slot, boolean active, String confirmed, long bytes) {
        @Override
        public String toString() {
            return "slot \"" + slot + "\" had confirmed " + confirmed
                    + (bytes < 0 ? "" : " and was " + bytes + " bytes behind")
                    + (active ? "" : " (nobody is connected to it)");
        }
    }

    /**
     * The subscriptions that must confirm, each shown to read from this old server. All of them, since each carries tables of its
     * own; and an enabled one that isn't shown to do so fails them all, unless the operator named another one.
     *
     * @throws ServerException {@code NOT_SO} naming the candidates, or what is wrong with the ones chosen
     */
    List<Followed> choose(Bound bound) throws ServerException {
        List<Followed> all = new FollowProof(old, fresh).look(bound.atMost(PROOF));
        List<Followed> wantedOnes = all.stream().filter(this::isWanted).toList();
        List<Followed> fitting = wantedOnes.stream()
                .filter(each -> each.following().state() != State.ELSEWHERE)
                .toList();
        requireProven(wantedOnes, fitting.isEmpty());
        if (fitting.isEmpty()) {
            throw notSo((wanted == null
                            ? "no subscription of the new server has"
                            : "\"" + wanted + "\" is no subscription of" + " the new server with")
                    + " a slot on the old one; subscriptions there: " + names(all) + ", logical slots here: "
                    + slotsHere(bound) + "; name one, or use another barrier");
        }
        requireCopied(bound);
        return fitting;
    }

    private boolean isWanted(Followed each) {
        return wanted == null
                || wanted.equals(each.subscription().name())
                || wanted.equals(each.subscription().slot());
    }

    private void requireProven(List<Followed> chosen, boolean none) throws ServerException {
        List<Followed> wrong = chosen.stream()
                .filter(each -> !each.proven() && (each.subscription().enabled() || !isElsewhere(each)))
                .toList();
        if (wrong.isEmpty() || (none && wanted != null)) {
            return;
        }
        boolean others = wrong.stream()
                .anyMatch(each -> isElsewhere(each) || each.following().state() == State.REFUTED);
        throw notSo(wrong.stream().map(Followed::words).collect(Collectors.joining("; "))
                + (others
                        ? "; what reads from another server fills the new one with that server's rows: if this is the wrong new"
                                + " server, name the right one with --to; else disable that subscription (on the new server: ALTER"
                                + " SUBSCRIPTION ... DISABLE), or name the one that counts with --slot"
                        : ""));
    }

    private static boolean isElsewhere(Followed each) {
        return each.following().state() == State.ELSEWHERE;
    }

    private void requireCopied(Bound bound) throws ServerException {
        List<String> copying = fresh.call(
                "look for tables that are being copied",
                Remedies.NONE,
                bound.left(),
                end -> fresh.query(end, COPYING, row -> row.getString(1)));
        if (!copying.isEmpty()) {
            throw notSo(copying.size() + " tables are not copied yet: "
                    + copying.subList(0, Math.min(5, copying.size())) + "; wait until they follow the changes");
        }
    }

    private List<String> slotsHere(Bound bound) throws ServerException {
        return old.call(
                "list replication slots",
                Remedies.NONE,
                bound.left(),
                end -> old.query(end, SLOTS, row -> row.getString(1)));
    }

    private static Set<String> names(List<Followed> all) {
        return all.stream().map(each -> each.subscription().name()).collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> slots(List<Followed> chosen) {
        return chosen.stream().map(each -> each.subscription().slot()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of {@code slots} that haven't confirmed {@code position}, or don't exist any more. */
    static List<Progress> behind(Session old, Set<String> slots, String position, Bound bound) throws SQLException {
        return old.query(
                bound,
                BEHIND,
                row -> new Progress(row.getString(1), row.getBoolean(2), row.getString(3), row.getLong(4)),
                position,
                slots,
                position);
    }

    static String quoted(Set<String> slots) {
        return slots.stream().map(slot -> '"' + slot + '"').collect(Collectors.joining(", "));
    }

    private static ServerException notSo(String what) {
        return new ServerException(Kind.NOT_SO, "can't wait for logical replication: " + what, null);
    }
}
