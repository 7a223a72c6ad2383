package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.FollowResult.State;
import dev.connectionregistry.admin.replication.postgres.follow.FollowProof;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Proves which subscriptions of the target read from slots of the source, and reads how far these slots are. */
final class ReplicationSlots {
    /** A target that needs longer for a few kilobytes is too far behind for a hold anyway. */
    private static final Duration PROOF = Duration.ofSeconds(20);

    private static final String SLOTS = """
            SELECT slot_name FROM pg_catalog.pg_replication_slots
            WHERE slot_type = 'logical' AND database = current_database() ORDER BY 1
            """;
    private static final String COPYING = """
            SELECT srrelid::regclass::text
            FROM pg_catalog.pg_subscription_rel
            WHERE srsubstate <> 'r'
            ORDER BY 1
            """;
    private static final String BEHIND = """
            SELECT wanted, coalesce(s.active, false), coalesce(s.confirmed_flush_lsn::text, 'nothing'),
              coalesce(pg_wal_lsn_diff(?::pg_lsn, s.confirmed_flush_lsn), -1)::bigint
            FROM unnest(?::text[]) AS wanted
            LEFT JOIN pg_catalog.pg_replication_slots s ON s.slot_name = wanted
            WHERE (s.confirmed_flush_lsn >= ?::pg_lsn) IS NOT TRUE
            ORDER BY 1
            """;

    private final Session source;
    private final Session target;
    private final @Nullable String wanted;

    ReplicationSlots(Session source, Session target, @Nullable String wanted) {
        this.source = source;
        this.target = target;
        this.wanted = wanted;
    }

    /** A slot that hasn't confirmed the position yet. */
    record Progress(String slot, boolean active, String confirmed, long bytes) {
        @Override
        public String toString() {
            return "slot \"" + slot + "\" had confirmed " + confirmed
                    + (bytes < 0 ? "" : " and was " + bytes + " bytes behind")
                    + (active ? "" : " (nobody is connected to it)");
        }
    }

    /**
     * The subscriptions that must confirm, each proven to read from this source. All of them must, since each brings
     * tables of its own; an enabled one for which that can't be proven fails them all, unless the operator named
     * another one.
     *
     * @throws ServerException {@code NOT_SO} naming the candidates, or what is wrong with the ones chosen
     */
    List<ProvenSubscription> choose(Deadline bound) throws ServerException {
        List<ProvenSubscription> all = new FollowProof(source, target).look(bound.atMost(PROOF));
        List<ProvenSubscription> wantedOnes =
                all.stream().filter(this::isWanted).toList();
        List<ProvenSubscription> fitting = wantedOnes.stream()
                .filter(each -> each.following().state() != State.ELSEWHERE)
                .toList();
        requireProven(wantedOnes, fitting.isEmpty());
        if (fitting.isEmpty()) {
            throw notSo((wanted == null
                            ? "no subscription of the target has"
                            : "\"" + wanted + "\" is no subscription of" + " the target with")
                    + " a slot on the source; subscriptions on the target: " + names(all) + ", logical slots on the"
                    + " source: "
                    + slotsHere(bound)
                    + "; begin with replication plan and replication start, name a slot with --slot, or choose another"
                    + " barrier");
        }
        requireCopied(bound);
        return fitting;
    }

    private boolean isWanted(ProvenSubscription each) {
        return wanted == null
                || wanted.equals(each.subscription().name())
                || wanted.equals(each.subscription().slot());
    }

    private void requireProven(List<ProvenSubscription> chosen, boolean none) throws ServerException {
        List<ProvenSubscription> wrong = chosen.stream()
                .filter(each -> !each.proven() && (each.subscription().enabled() || !isElsewhere(each)))
                .toList();
        if (wrong.isEmpty() || (none && wanted != null)) {
            return;
        }
        boolean others = wrong.stream()
                .anyMatch(each -> isElsewhere(each) || each.following().state() == State.REFUTED);
        throw notSo(wrong.stream().map(ProvenSubscription::words).collect(Collectors.joining("; "))
                + (others
                        ? "; a subscription that reads from another server fills the target with that server's rows: if"
                                + " this is the wrong target, name the right one with --to; else disable that"
                                + " subscription (on the target: ALTER SUBSCRIPTION ... DISABLE), or name the one that"
                                + " counts with --slot"
                        : ""));
    }

    private static boolean isElsewhere(ProvenSubscription each) {
        return each.following().state() == State.ELSEWHERE;
    }

    private void requireCopied(Deadline bound) throws ServerException {
        List<String> copying =
                target.ask("look for tables that are being copied", bound.left(), COPYING, row -> row.getString(1));
        if (!copying.isEmpty()) {
            throw notSo(Plural.of(copying.size(), "table is", "tables are") + " not copied yet: "
                    + copying.subList(0, Math.min(5, copying.size())) + "; wait until they follow the changes");
        }
    }

    private List<String> slotsHere(Deadline bound) throws ServerException {
        return source.ask("list replication slots", bound.left(), SLOTS, row -> row.getString(1));
    }

    private static Set<String> names(List<ProvenSubscription> all) {
        return all.stream().map(each -> each.subscription().name()).collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> slots(List<ProvenSubscription> chosen) {
        return chosen.stream().map(each -> each.subscription().slot()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of {@code slots} that haven't confirmed {@code position}, or don't exist any more. */
    static List<Progress> behind(Session source, Set<String> slots, String position, Deadline bound)
            throws SQLException {
        return source.query(
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
