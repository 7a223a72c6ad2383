package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.cutover.server.Barrier;
import dev.connectionregistry.admin.cutover.server.OldServer;
import dev.connectionregistry.admin.postgres.ReplicationSlots.Progress;
import dev.connectionregistry.admin.postgres.session.Bound;
import dev.connectionregistry.admin.postgres.session.Login;
import dev.connectionregistry.admin.postgres.session.Remedies;
import dev.connectionregistry.admin.postgres.session.Session;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the new server's subscriptions have confirmed the old server's end of WAL. For one thread.
 *
 * <p>Exact: the position is taken after the fence, and a subscriber confirms a position only when everything before it is applied
 * and on its disk. Fast: left alone, the new server flushes what was applied every 200 ms, and says so when it next has
 * reason to. So a small commit on the new one makes it flush at once, and a small commit on the old one makes its sender
 * send on and ask; both are repeated until the confirmation is there.
 */
final class LogicalReplicationBarrier implements Barrier {
    private static final Duration PAUSE = Duration.ofMillis(1);
    /** Looks between nudges. */
    private static final int LOOKS = 4;

    private static final String NUDGE = "SELECT pg_catalog.pg_logical_emit_message(true, 'registry-admin', '')::text";

    private final @Nullable String wanted;
    private final Login oldAdmin;
    private final Login newAdmin;
    private final String applicationName;
    private @Nullable Session fresh;
    private Set<String> slots = Set.of();

    /**
     * Makes one; connects to nothing yet.
     *
     * @param wanted a subscription's or slot's name; null for every subscription of the new server that has a slot on the old
     */
    LogicalReplicationBarrier(@Nullable String wanted, Login oldAdmin, Login newAdmin, String applicationName) {
        this.wanted = wanted;
        this.oldAdmin = oldAdmin;
        this.newAdmin = newAdmin;
        this.applicationName = applicationName + "/barrier";
    }

    @Override
    public String describe() {
        if (!slots.isEmpty()) {
            return "slot " + ReplicationSlots.quoted(slots) + " on the old server";
        }
        return wanted == null ? "the new server's subscription" : "subscription or slot \"" + wanted + "\"";
    }

    @Override
    public void check(Duration bound) throws ServerException {
        Bound end = Bound.of(bound);
        Session target = fresh(end);
        try (Session old = Session.open(oldAdmin, applicationName, end.left())) {
            slots = new ReplicationSlots(old, target, wanted).choose(end);
        }
    }

    @Override
    public Optional<Set<String>> slots(Duration bound) throws ServerException {
        if (slots.isEmpty()) {
            check(bound);
        }
        return Optional.of(slots);
    }

    @Override
    public String await(OldServer old, Duration bound) throws ServerException {
        Bound end = Bound.of(bound);
        if (slots.isEmpty()) {
            check(end.left());
        }
        Session target = fresh(end);
        if (old instanceof PostgresOldServer known) { // the fence has ended any other session that we had there
            return await(old, known.session(), target, end);
        }
        try (Session own = Session.open(oldAdmin, applicationName, end.left())) {
            return await(old, own, target, end);
        }
    }

    private String await(OldServer old, Session source, Session target, Bound bound) throws ServerException {
        String position = old.walPosition(bound.left());
        return source.call("wait for " + describe(), Remedies.NONE, bound.left(), end -> {
            while (true) {
                nudge(source, target, position, end);
                for (int look = 0; look < LOOKS; look++) {
                    List<Progress> behind = ReplicationSlots.behind(source, slots, position, end);
                    if (behind.isEmpty()) {
                        return position + " confirmed by " + describe();
                    }
                    requireTime(behind, position, bound);
                    end.pause(PAUSE);
                }
            }
        });
    }

    private void nudge(Session source, Session target, String position, Bound bound)
            throws SQLException, ServerException {
        try {
            target.call("flush what was applied", Remedies.NONE, bound.left(), end -> emit(target, end));
        } catch (ServerException e) { // the old server's session isn't lost, and knows how far the new one had come
            Kind kind = bound.passed() ? Kind.TIMED_OUT : Kind.REFUSED;
            List<Progress> behind = ReplicationSlots.behind(source, slots, position, bound);
            throw new ServerException(kind, e.getMessage() + "; of " + position + ", " + behind, e);
        }
        emit(source, bound);
    }

    private static String emit(Session session, Bound bound) throws SQLException {
        return session.queryOne(bound, NUDGE, row -> row.getString(1));
    }

    private void requireTime(List<Progress> behind, String position, Bound bound) throws ServerException {
        if (bound.passed()) {
            throw new ServerException(
                    Kind.TIMED_OUT,
                    "the new server had not confirmed " + position + " after "
                            + bound.whole().toMillis() + " ms: " + behind
                            + "; see pg_stat_subscription and the log of " + newAdmin.endpoint(),
                    null);
        }
    }

    private Session fresh(Bound bound) throws ServerException {
        Session session = fresh;
        if (session == null) {
            session = Session.open(newAdmin, applicationName, bound.left());
            fresh = session;
        }
        return session;
    }

    @Override
    public void close() {
        if (fresh != null) {
            fresh.close();
        }
    }
}
