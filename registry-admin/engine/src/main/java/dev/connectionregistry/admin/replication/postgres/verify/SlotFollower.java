package dev.connectionregistry.admin.replication.postgres.verify;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.FollowResult.State;
import dev.connectionregistry.admin.replication.postgres.follow.FollowProof;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription;
import dev.connectionregistry.admin.replication.verify.TableSide.Follower;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Waits for Postgres' own logical replication: the source's slots that the target's subscriptions are proven to read
 * from. The position is that of the last record that was inserted, not written: a commit that doesn't wait for the disk
 * is visible before it is written. A small record on either side makes the other tell at once how far it is.
 */
final class SlotFollower implements Follower {
    private static final String APPLICATION = "registry-admin/verify";
    private static final Duration PAUSE = Duration.ofMillis(4);
    private static final int LOOKS = 5;

    /** How long the proof that the target follows may take. */
    private static final Duration PROOF = Duration.ofSeconds(20);

    private static final String POSITION = """
            SELECT CASE
              WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
              ELSE pg_catalog.pg_current_wal_insert_lsn()
            END::text
            """;
    private static final String BEHIND = """
            SELECT w.name, coalesce(s.active, false), s.slot_name IS NULL,
              coalesce(pg_catalog.pg_wal_lsn_diff(?::pg_lsn, s.confirmed_flush_lsn), -1)::bigint
            FROM unnest(?::text[]) AS w (name)
            LEFT JOIN pg_catalog.pg_replication_slots s ON s.slot_name = w.name
            WHERE (s.confirmed_flush_lsn >= ?::pg_lsn) IS NOT TRUE
            ORDER BY 1
            """;
    private static final String NUDGE = "SELECT pg_catalog.pg_logical_emit_message(true, 'registry-admin', '')::text";

    private final Session source;
    private final Session target;
    private Set<String> slots = Set.of();
    private volatile String standing = "";

    private SlotFollower(Session source, Session target) {
        this.source = source;
        this.target = target;
    }

    static SlotFollower open(Login source, Login target, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        Session first = Session.open(source, APPLICATION, end.left());
        try {
            return new SlotFollower(first, Session.open(target, APPLICATION, end.left()));
        } catch (ServerException | RuntimeException e) {
            first.close();
            throw e;
        }
    }

    /**
     * A subscription that names a slot of the source but isn't proven to read from it makes any comparison worthless.
     */
    @Override
    public String describe(Duration bound) throws ServerException {
        List<ProvenSubscription> all =
                new FollowProof(source, target).look(Deadline.of(bound).atMost(PROOF));
        List<ProvenSubscription> wrong =
                all.stream().filter(SlotFollower::isWrong).toList();
        if (!wrong.isEmpty()) {
            throw new ServerException(
                    Kind.NOT_SO,
                    "the target " + target.login().endpoint() + " isn't proven to follow the source "
                            + source.login().endpoint() + ": "
                            + wrong.stream().map(ProvenSubscription::words).collect(Collectors.joining("; "))
                            + "; is this the right target? --direct compares both as they are",
                    null);
        }
        slots = all.stream()
                .filter(SlotFollower::isWaitedFor)
                .map(each -> each.subscription().slot())
                .collect(Collectors.toCollection(TreeSet::new));
        return slots.isEmpty() ? "" : "slot \"" + String.join("\", \"", slots) + "\"";
    }

    /**
     * A disabled subscription is waited for, too: it may be enabled meanwhile, and nothing else can confirm in its
     * place.
     */
    private static boolean isWaitedFor(ProvenSubscription each) {
        return each.proven() || each.following().state() == State.DISABLED;
    }

    private static boolean isWrong(ProvenSubscription each) {
        return !isWaitedFor(each) && each.following().state() != State.ELSEWHERE;
    }

    @Override
    public void await(Duration bound) throws ServerException {
        if (slots.isEmpty()) {
            return;
        }
        source.call("wait until the target has caught up", Remedies.NONE, bound, end -> {
            String position = source.queryOne(end, POSITION, row -> row.getString(1));
            List<String> behind = behind(position, end);
            for (int look = 0; !behind.isEmpty(); look++) {
                standing = String.join("; ", behind);
                requireTime(behind, bound, end);
                if (look % LOOKS == 0) {
                    nudge(target, end);
                    nudge(source, end);
                }
                end.pause(PAUSE);
                behind = behind(position, end);
            }
            return true;
        });
    }

    @Override
    public String progress() {
        return standing;
    }

    private static void requireTime(List<String> behind, Duration bound, Deadline end) throws ServerException {
        if (end.left().toMillis() < 50) {
            throw new ServerException(
                    Kind.TIMED_OUT,
                    "the target had not caught up with the source after " + bound.toSeconds() + " s: "
                            + String.join("; ", behind) + "; see replication status",
                    null);
        }
    }

    private List<String> behind(String position, Deadline bound) throws SQLException {
        return source.query(
                bound,
                BEHIND,
                row -> "slot \"" + row.getString(1) + "\" "
                        + (row.getBoolean(3) ? "is gone" : row.getLong(4) + " bytes behind")
                        + (row.getBoolean(2) ? "" : ", and nobody is connected to it"),
                position,
                slots,
                position);
    }

    /** Only speeds things up: a server that can't be written to is asked again all the same. */
    private static void nudge(Session session, Deadline bound) throws SQLException {
        try {
            session.queryOne(bound, NUDGE, row -> row.getString(1));
        } catch (SQLException e) {
            if (PostgresErrors.isLoss(e)) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
