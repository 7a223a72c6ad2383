package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.postgres.ReplicationSlots.Progress;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.RowGaps;
import dev.connectionregistry.admin.replication.postgres.BlockedWorkers;
import dev.connectionregistry.admin.replication.postgres.LiveGaps;
import dev.connectionregistry.admin.replication.postgres.follow.FollowProof;
import dev.connectionregistry.admin.replication.postgres.follow.FollowProof.Received;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the target's subscriptions have confirmed the source's end of WAL. For one thread at a time.
 *
 * <p>Exact: the position is taken after the fence, and a subscriber confirms a position only when everything before it
 * is applied and on its disk. Fast: left alone, the target flushes what was applied every 200 ms, and reports that when
 * it next sends something. So a small commit on the target makes it flush at once, and a small commit on the source
 * makes its sender send it and ask for a reply; both are repeated until the confirmation arrives.
 *
 * <p>A slot's name says nothing about who reads from it. The check proves of each subscription that it reads from this
 * source, see {@link FollowProof}, and each wait is one more round of that proof.
 */
final class LogicalReplicationBarrier implements Barrier {
    private static final Duration PAUSE = Duration.ofMillis(1);
    /** Looks between nudges. */
    private static final int LOOKS = 4;

    private static final Duration LAST_LOOK = Duration.ofMillis(300);

    private static final String NUDGE = "SELECT pg_catalog.pg_logical_emit_message(true, 'registry-admin', '')::text";

    private final @Nullable String wanted;
    private final Login sourceAdmin;
    private final Login targetAdmin;
    private final String applicationName;
    private volatile @Nullable Session targetSession;
    private List<ProvenSubscription> proven = List.of();
    /** As {@link #prepare} read it, for the next {@link #await}. */
    private Optional<Received> received = Optional.empty();

    /**
     * Makes one; connects to nothing yet.
     *
     * @param wanted a subscription's or slot's name; null for every subscription of the target that has a slot on the
     *     source
     */
    LogicalReplicationBarrier(@Nullable String wanted, Login sourceAdmin, Login targetAdmin, String applicationName) {
        this.wanted = wanted;
        this.sourceAdmin = sourceAdmin;
        this.targetAdmin = targetAdmin;
        this.applicationName = applicationName + "/barrier";
    }

    @Override
    public String describe() {
        if (!proven.isEmpty()) {
            return "slot " + ReplicationSlots.quoted(ReplicationSlots.slots(proven)) + " on the source";
        }
        return wanted == null ? "the target's subscription" : "subscription or slot \"" + wanted + "\"";
    }

    @Override
    public void check(Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        Session target = targetSession(end);
        String blocked = BlockedWorkers.text(target, end);
        if (!blocked.isEmpty()) {
            throw new ServerException(Kind.NOT_SO, "can't wait for logical replication: " + blocked, null);
        }
        try (Session old = Session.open(sourceAdmin, applicationName, end.left())) {
            proven = new ReplicationSlots(old, target, wanted).choose(end);
            received = Optional.empty();
        }
    }

    @Override
    public Optional<Set<String>> slots(Duration bound) throws ServerException {
        if (proven.isEmpty()) {
            check(bound);
        }
        return Optional.of(ReplicationSlots.slots(proven));
    }

    @Override
    public String await(SourceServer old, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        if (proven.isEmpty()) {
            check(end.left());
        }
        Session target = targetSession(end);
        if (old instanceof PostgresSourceServer known) { // the fence has ended any other session that we had there
            return await(old, known.session(), target, end);
        }
        try (Session own = Session.open(sourceAdmin, applicationName, end.left())) {
            return await(old, own, target, end);
        }
    }

    @Override
    public List<RowGaps.Gap> gaps(SourceServer old, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        return old instanceof PostgresSourceServer known
                ? new LiveGaps(known.session(), targetSession(end), proven).look(end)
                : List.of();
    }

    /** Reads what the target has received, and makes it flush what it has applied. */
    @Override
    public void prepare(Duration bound) throws ServerException {
        received = Optional.empty();
        if (!proven.isEmpty()) {
            received = Optional.of(received(Deadline.of(bound)));
        }
    }

    private Received received(Deadline bound) throws ServerException {
        Session target = targetSession(bound);
        Received read = FollowProof.received(target, bound);
        nudge(target, bound);
        return read;
    }

    private String await(SourceServer old, Session source, Session target, Deadline bound) throws ServerException {
        FollowProof proof = new FollowProof(source, target);
        Optional<Received> early = received;
        received = Optional.empty();
        FollowProof.OneMore round = telling(
                source,
                () -> old.walPosition(LAST_LOOK),
                bound,
                () -> proof.oneMore(proven, early.isPresent() ? early.get() : received(bound), bound));
        String position = round.position(); // the record of the round was written after everything that is waited for
        if (!telling(source, () -> position, bound, () -> isConfirmedInTime(round, source, target, bound))) {
            throw timedOut(source, position, target, bound);
        }
        proven = telling(source, () -> position, bound, () -> round.confirmed(bound));
        return position + " confirmed by " + describe();
    }

    /** A look that begins in time may end a little late: then the timeout says how far behind the target is. */
    private boolean isConfirmedInTime(FollowProof.OneMore round, Session source, Session target, Deadline bound)
            throws ServerException {
        Duration atLeastALook = bound.left().compareTo(LAST_LOOK) < 0 ? LAST_LOOK : bound.left();
        return source.call("wait for " + describe(), Remedies.NONE, atLeastALook, end -> {
            emit(source, end);
            for (int look = 1; !round.isConfirmed(end); look++) {
                if (bound.passed()) {
                    return false;
                }
                if (look % LOOKS == 0) {
                    nudge(target, bound);
                    emit(source, end);
                } else {
                    end.pause(PAUSE);
                }
            }
            return true;
        });
    }

    /** How far the slots are, for a message about something else. */
    private String behind(Session source, String position) {
        try {
            List<Progress> behind = source.call(
                    "look at the slots",
                    Remedies.NONE,
                    LAST_LOOK,
                    end -> ReplicationSlots.behind(source, ReplicationSlots.slots(proven), position, end));
            return behind.toString();
        } catch (ServerException e) {
            return "nothing is known of the slots: " + e.getMessage();
        }
    }

    private static String nudge(Session target, Deadline bound) throws ServerException {
        return target.call("flush what was applied", Remedies.NONE, bound.left(), end -> emit(target, end));
    }

    private interface Part<T> {
        T run() throws ServerException;
    }

    /** Adds how far the target got to an error: if the target's session is lost, the source's session still knows. */
    private <T> T telling(Session source, Part<String> where, Deadline bound, Part<T> part) throws ServerException {
        try {
            return part.run();
        } catch (ServerException e) {
            if (e.kind() == Kind.NOT_SO) {
                throw e;
            }
            Kind kind = bound.passed() ? Kind.TIMED_OUT : Kind.REFUSED;
            String position = where.run();
            throw new ServerException(kind, e.getMessage() + "; of " + position + ", " + behind(source, position), e);
        }
    }

    private static String emit(Session session, Deadline bound) throws SQLException {
        return session.queryOne(bound, NUDGE, row -> row.getString(1));
    }

    private ServerException timedOut(Session source, String position, Session target, Deadline bound)
            throws ServerException {
        String behind = behind(source, position);
        String blocked = BlockedWorkers.text(target, Deadline.of(LAST_LOOK));
        return new ServerException(
                Kind.TIMED_OUT,
                "the target had not confirmed " + position + " after "
                        + bound.whole().toMillis() + " ms: " + behind
                        + (blocked.isEmpty() ? "" : "; " + blocked)
                        + "; see pg_stat_subscription and the log of " + targetAdmin.endpoint(),
                null);
    }

    private Session targetSession(Deadline bound) throws ServerException {
        Session session = targetSession;
        if (session == null) {
            session = Session.open(targetAdmin, applicationName, bound.left()).keepingPlans(bound.left());
            targetSession = session;
        }
        return session;
    }

    @Override
    public void cancel() {
        Session session = targetSession;
        if (session != null) {
            session.cancel();
        }
    }

    @Override
    public void close() {
        Session session = targetSession;
        if (session != null) {
            session.close();
        }
    }
}
