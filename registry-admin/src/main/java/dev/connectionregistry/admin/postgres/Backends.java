package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.cutover.server.ClientSession;
import dev.connectionregistry.admin.cutover.server.FenceDown;
import dev.connectionregistry.admin.postgres.session.Bound;
import dev.connectionregistry.admin.postgres.session.Session;
import dev.connectionregistry.admin.postgres.session.SqlText;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The other sessions of our session's database: looking, cancelling, ending, and seeing them gone. */
final class Backends {
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final Duration GRACE_OF_CANCEL = Duration.ofMillis(200);
    /** For those that only a superuser could end: they may be about to leave by themselves. */
    private static final Duration GRACE_OF_SUPERUSERS = Duration.ofMillis(500);

    private static final String OTHERS = " FROM pg_catalog.pg_stat_activity a"
            + " LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid"
            + " WHERE a.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
            + " AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'"
            + " AND coalesce(a.usename, '') <> ALL (?::text[])";
    private static final String SESSIONS = "SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''),"
            + " coalesce(a.state, ''), coalesce(1000 * extract(epoch FROM clock_timestamp() - a.xact_start), 0)::bigint"
            + OTHERS + " ORDER BY a.xact_start NULLS LAST, a.pid";
    private static final String PRESENT = "SELECT a.pid, a.backend_start::text, coalesce(a.usename, ''),"
            + " coalesce(a.application_name, ''),"
            + " coalesce(r.rolsuper, false) AND NOT current_setting('is_superuser')::boolean" + OTHERS;
    private static final String WITH_TRANSACTION = "SELECT a.pid FROM pg_catalog.pg_stat_activity a"
            + " WHERE a.pid::text = ANY (?::text[]) AND a.xact_start IS NOT NULL";
    private static final String STARTING = "SELECT DISTINCT l.pid FROM pg_catalog.pg_locks l"
            + " WHERE l.locktype = 'object' AND l.database = 0 AND l.classid = 'pg_catalog.pg_database'::regclass"
            + " AND l.objid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
            + " AND l.mode = 'RowExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()";
    private static final String RIGHTS = "SELECT rolsuper, pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'),"
            + " pg_has_role(current_user, 'pg_signal_backend', 'USAGE') FROM pg_catalog.pg_roles"
            + " WHERE rolname = current_user";

    private final Session session;

    Backends(Session session) {
        this.session = session;
    }

    /**
     * One of them, for as long as it lives: numbers are used again, starts aren't.
     *
     * @param beyondUs whether it is a superuser's, whom our role can't end
     */
    record Backend(int pid, String start, String role, String application, boolean beyondUs) {
        @Override
        public String toString() {
            return pid + " of " + role + " (" + application + ")";
        }
    }

    /**
     * Fails if our role couldn't see or end what it must.
     *
     * @throws ServerException {@code REFUSED} naming the grant
     */
    void requireRights(Bound bound) throws SQLException, ServerException {
        String missing = session.queryOne(bound, RIGHTS, Backends::missingRight);
        if (!missing.isEmpty()) {
            String role = SqlText.identifier(session.login().username());
            throw new ServerException(
                    Kind.REFUSED,
                    "role " + session.login() + " lacks a right that the fence needs; grant it with: GRANT " + missing
                            + " TO " + role,
                    null);
        }
    }

    private static String missingRight(ResultSet row) throws SQLException {
        if (row.getBoolean(1)) {
            return "";
        }
        List<String> missing = new ArrayList<>();
        if (!row.getBoolean(2)) {
            missing.add("pg_read_all_stats");
        }
        if (!row.getBoolean(3)) {
            missing.add("pg_signal_backend");
        }
        return String.join(", ", missing);
    }

    /** The oldest transaction first. */
    List<ClientSession> sessions(Set<String> exempt, Bound bound) throws SQLException {
        return session.query(
                bound,
                SESSIONS,
                row -> new ClientSession(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        Duration.ofMillis(Math.max(0, row.getLong(5)))),
                exempt);
    }

    /** Cancels, and after 200 ms terminates, what of {@code stragglers} has a transaction; waits until none has. */
    void endTransactions(List<ClientSession> stragglers, Bound bound)
            throws SQLException, ServerException, InterruptedException {
        Set<Integer> pids = stragglers.stream().map(ClientSession::pid).collect(Collectors.toSet());
        Set<Integer> left = withTransaction(pids, bound);
        signal("pg_cancel_backend", left, bound);
        Bound grace = bound.atMost(GRACE_OF_CANCEL);
        while (!left.isEmpty() && !grace.passed()) {
            bound.pause(PAUSE);
            left = withTransaction(pids, bound);
        }
        signal("pg_terminate_backend", left, bound);
        while (!left.isEmpty()) {
            pauseFor("transactions of sessions " + left, bound);
            left = withTransaction(pids, bound);
        }
    }

    private Set<Integer> withTransaction(Set<Integer> pids, Bound bound) throws SQLException {
        return new HashSet<>(session.query(bound, WITH_TRANSACTION, row -> row.getInt(1), pids));
    }

    /**
     * Every session that may have begun by settings from before this call. Those that log in later have begun by the new ones,
     * and are not among them.
     *
     * <p>Why these are all: a backend that starts takes a lock on the database's entry before it reads the settings, and
     * keeps it until it is in {@code pg_stat_activity}. So one that read the old settings either has that lock when the
     * locks are looked at, and is waited for, or is in the list that is read after that, or is gone. No clock is asked.
     */
    Set<Backend> earlier(Set<String> exempt, Bound bound) throws SQLException, ServerException, InterruptedException {
        awaitStarted(bound);
        return present(exempt, bound);
    }

    /** Ends these, and waits until they are gone. */
    void end(Set<Backend> earlier, Set<String> exempt, Bound bound)
            throws SQLException, ServerException, InterruptedException {
        signal("pg_terminate_backend", pids(endable(earlier)), bound);
        awaitGone(earlier, exempt, bound);
    }

    /** Asks what {@link #earlier} and {@link #end} ask, and ends nobody. */
    void rehearse(Set<String> exempt, Bound bound) throws SQLException {
        starting(bound);
        present(exempt, bound);
        send("pg_terminate_backend", Set.of(), bound);
    }

    /** Everybody who is here by now; whoever is has read the settings already. */
    Set<Backend> everybody(Bound bound) throws SQLException {
        return present(Set.of(), bound);
    }

    /**
     * Ends every session that may have begun by settings from before this call, but those of {@code known} and those that only
     * a superuser could end, and waits until they are gone.
     */
    FenceDown endLater(Set<Backend> known, Set<String> exempt, Bound bound)
            throws SQLException, ServerException, InterruptedException {
        Set<Backend> later = earlier(exempt, bound);
        later.removeAll(known);
        Set<Backend> ended = endable(later);
        signal("pg_terminate_backend", pids(ended), bound);
        awaitGone(ended, exempt, bound);
        later.removeAll(ended);
        return new FenceDown(ended.size(), later.isEmpty() ? "" : later + ", which only a superuser can end");
    }

    private void awaitStarted(Bound bound) throws SQLException, ServerException, InterruptedException {
        Set<Integer> starting = starting(bound);
        while (!starting.isEmpty()) {
            pauseFor("backends " + starting + " that are starting", bound);
            starting.retainAll(starting(bound));
        }
    }

    private void awaitGone(Set<Backend> earlier, Set<String> exempt, Bound bound)
            throws SQLException, ServerException, InterruptedException {
        Bound grace = bound.atMost(GRACE_OF_SUPERUSERS);
        Set<Backend> left = new HashSet<>(earlier);
        left.retainAll(present(exempt, bound));
        while (!left.isEmpty()) {
            if (grace.passed() && endable(left).isEmpty()) {
                throw notEndable(left);
            }
            pauseFor("sessions " + left, bound);
            left.retainAll(present(exempt, bound));
        }
    }

    private Set<Integer> starting(Bound bound) throws SQLException {
        return new HashSet<>(session.query(bound, STARTING, row -> row.getInt(1)));
    }

    private Set<Backend> present(Set<String> exempt, Bound bound) throws SQLException {
        return new HashSet<>(session.query(
                bound,
                PRESENT,
                row -> new Backend(
                        row.getInt(1),
                        String.valueOf(row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getBoolean(5)),
                exempt));
    }

    private static Set<Backend> endable(Set<Backend> backends) {
        return backends.stream().filter(each -> !each.beyondUs()).collect(Collectors.toSet());
    }

    private ServerException notEndable(Set<Backend> left) {
        return new ServerException(
                Kind.NOT_SO,
                "the fence can't be shown to hold on " + session.login().endpoint() + ": sessions " + left
                        + " are of superusers and can't be ended by "
                        + session.login().username()
                        + "; close them, or exempt their roles",
                null);
    }

    private static Set<Integer> pids(Collection<Backend> backends) {
        return backends.stream().map(Backend::pid).collect(Collectors.toSet());
    }

    private void signal(String function, Set<Integer> pids, Bound bound) throws SQLException {
        if (!pids.isEmpty()) {
            send(function, pids, bound);
        }
    }

    private void send(String function, Set<Integer> pids, Bound bound) throws SQLException {
        session.query(
                bound,
                "SELECT pg_catalog." + function + "(p::int) FROM unnest(?::text[]) AS p",
                row -> row.getBoolean(1),
                pids);
    }

    private void pauseFor(String what, Bound bound) throws ServerException, InterruptedException {
        if (bound.passed()) {
            throw new ServerException(
                    Kind.TIMED_OUT,
                    what + " were still there on " + session.login().endpoint() + " after "
                            + bound.whole().toMillis() + " ms",
                    null);
        }
        bound.pause(PAUSE);
    }
}
