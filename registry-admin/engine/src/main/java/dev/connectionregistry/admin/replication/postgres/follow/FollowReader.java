package dev.connectionregistry.admin.replication.postgres.follow;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription.TargetSubscription;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Asks two servers what the proof needs, and writes its records. For one thread. */
public final class FollowReader {
    private static final int LEAST_LEAP = 64 * 1024;
    private static final int GREATEST_LEAP = 1024 * 1024;
    /** The longest record while callers wait: the source is fenced then, and writes nothing else. */
    private static final int LEAP_IN_HOLD = 8 * 1024;

    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final String SUBSCRIPTION_RIGHT = "on the target: GRANT SELECT ON pg_subscription TO the run's role";

    private final Session source;
    private final Session target;

    public FollowReader(Session source, Session target) {
        this.source = source;
        this.target = target;
    }

    /**
     * A slot of the source.
     *
     * @param reader the process that serves the slot's reader; 0 if none is connected
     * @param acknowledged the position that its reader reports to have
     * @param confirmed the position up to which its reader has applied everything, on its disk
     */
    record Slot(String plugin, int reader, long acknowledged, long confirmed) {}

    /** The three readings by which a round is judged, in the order in which they were taken. */
    record Readings(Map<String, Slot> slots, Map<String, TargetSubscription> subscriptions, long end) {}

    Readings read(Collection<TargetSubscription> of, Deadline bound) throws ServerException {
        return readAfter(slots(of, bound), bound);
    }

    /** The other two readings, after {@code slots}. */
    Readings readAfter(Map<String, Slot> slots, Deadline bound) throws ServerException {
        return new Readings(slots, subscriptions(bound), end(bound));
    }

    /**
     * Writes a record of random size to the source's log: it may be longer than what the source writes during a
     * reading, so that no other server's log makes the same leap by chance.
     *
     * @param window what the source wrote during the last reading, in bytes
     */
    FollowRound mark(long window, Deadline bound) throws ServerException {
        return leap((int) Math.max(LEAST_LEAP, Math.min(GREATEST_LEAP, 4 * window)), bound);
    }

    /** The same with a shorter record. */
    FollowRound shortMark(Deadline bound) throws ServerException {
        return leap(LEAP_IN_HOLD, bound);
    }

    private FollowRound leap(int most, Deadline bound) throws ServerException {
        int bytes = ThreadLocalRandom.current().nextInt(most);
        return source.call(
                "write to the log",
                Remedies.NONE,
                bound.left(),
                end -> new FollowRound(source.queryOne(end, FollowSql.MARK, row -> row.getLong(1), bytes)));
    }

    private long end(Deadline bound) throws ServerException {
        return source.askOne("read where the log ends", bound.left(), FollowSql.END, row -> row.getLong(1));
    }

    /** The slots by name; names that no logical slot of the database has are left out. */
    Map<String, Slot> slots(Collection<TargetSubscription> of, Deadline bound) throws ServerException {
        return source.call("list replication slots", Remedies.NONE, bound.left(), end -> slotsInCall(of, end));
    }

    /** The same in a call of the source's session. */
    Map<String, Slot> slotsInCall(Collection<TargetSubscription> of, Deadline bound) throws SQLException {
        List<String> names = of.stream().map(TargetSubscription::slot).toList();
        Map<String, Slot> slots = new HashMap<>();
        source.query(
                bound,
                FollowSql.SLOTS,
                row -> {
                    Slot slot = new Slot(row.getString(2), row.getInt(3), row.getLong(4), row.getLong(5));
                    return slots.put(row.getString(1), slot) == null;
                },
                names);
        return slots;
    }

    /** By name, sorted. */
    Map<String, TargetSubscription> subscriptions(Deadline bound) throws ServerException {
        return subscriptions(target, bound);
    }

    static Map<String, TargetSubscription> subscriptions(Session target, Deadline bound) throws ServerException {
        Map<String, TargetSubscription> subscriptions = new LinkedHashMap<>();
        target.call(
                        "list subscriptions",
                        SUBSCRIPTION_RIGHT,
                        bound.left(),
                        end -> target.query(end, FollowSql.subscriptions(target.major()), TargetSubscription::read))
                .forEach(each -> subscriptions.put(each.name(), each));
        return subscriptions;
    }

    /**
     * Makes each server tell the other at once how far it is. If a server can't be written to, this only takes longer.
     */
    void nudge(Deadline bound) throws ServerException {
        nudge(target, bound);
        nudge(source, bound);
    }

    private static void nudge(Session session, Deadline bound) throws ServerException {
        session.call("write to the log", Remedies.NONE, bound.left(), end -> {
            try {
                return session.queryOne(end, FollowSql.NUDGE, row -> row.getString(1));
            } catch (SQLException e) {
                if (PostgresErrors.isLoss(e)) {
                    throw e;
                }
                return "";
            }
        });
    }

    /**
     * Waits until these have confirmed all that the source had committed when this was called; false if they haven't in
     * time.
     */
    public boolean awaitConfirmed(Collection<TargetSubscription> of, Deadline bound) throws ServerException {
        String position = shortMark(bound).position();
        List<String> slots = of.stream().map(TargetSubscription::slot).toList();
        while (!bound.passed()) {
            nudge(bound);
            boolean confirmed = source.askOne(
                    "look at the slots", bound.left(), FollowSql.CONFIRMED, row -> row.getBoolean(1), position, slots);
            if (confirmed) {
                return true;
            }
            pause(bound);
        }
        return false;
    }

    void pause(Deadline bound) throws ServerException {
        try {
            bound.pause(PAUSE);
        } catch (InterruptedException e) {
            throw PostgresErrors.interrupted("prove that the target follows the source", e);
        }
    }

    /** Where subscriptions are, for messages. */
    public String target() {
        return target.login().endpoint().toString();
    }
}
