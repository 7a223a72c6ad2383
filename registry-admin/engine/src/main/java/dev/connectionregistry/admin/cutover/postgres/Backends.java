package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.SourceServer.ClientSession;
import dev.connectionregistry.admin.cutover.fence.FenceDown;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The other sessions on our session's database: lists, cancels and ends them, and waits until they are gone. */
final class Backends {
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final Duration GRACE_OF_CANCEL = Duration.ofMillis(200);
    /** For those that only a superuser could end: they may be about to leave by themselves. */
    private static final Duration GRACE_OF_SUPERUSERS = Duration.ofMillis(500);

    private static final String SESSIONS = """
            SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), coalesce(a.state, ''),
                   coalesce(1000 * extract(epoch FROM clock_timestamp() - a.xact_start), 0)::bigint
            FROM pg_catalog.pg_stat_activity a
            WHERE a.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
              AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
              AND coalesce(a.usename, '') <> ALL (?::text[])
            ORDER BY a.xact_start NULLS LAST, a.pid
            """;
    private static final String CLIENTS = """
            SELECT a.pid, (1000000 * extract(epoch FROM a.backend_start))::bigint, coalesce(a.usename, ''),
                   coalesce(a.application_name, ''),
                   coalesce(r.rolsuper, false) AND NOT current_setting('is_superuser')::boolean
            FROM pg_catalog.pg_stat_activity a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
            WHERE a.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
              AND a.pid <> pg_backend_pid() AND coalesce(a.usename, '') <> ALL (?::text[])
              AND (a.backend_type = 'client backend'${WALSENDERS})
            """;
    /**
     * Client sessions and logical walsenders, which execute SQL as well. Physical ones belong to no database. A
     * walsender that serves a slot we wait for stays, provided that it streams: then it executes no SQL, and it must
     * not have written before. There is a separate text for each scope instead of a parameter, or the server would make
     * a new plan each time.
     */
    private static final String WALSENDERS_TOO = CLIENTS.replace("${WALSENDERS}", """

                OR (a.backend_type = 'walsender' AND NOT (a.backend_xid IS NULL
                AND EXISTS (SELECT FROM pg_catalog.pg_replication_slots s
                            JOIN pg_catalog.pg_stat_replication w ON w.pid = s.active_pid
                            WHERE s.active_pid = a.pid AND s.slot_type = 'logical' AND NOT s.temporary
                              AND w.state IN ('catchup', 'streaming')${SLOTS}))
                )""");

    private static final String CLIENTS_ONLY = CLIENTS.replace("${WALSENDERS}", "");
    private static final String BUT_STREAMING = WALSENDERS_TOO.replace("${SLOTS}", "");
    private static final String BUT_SLOTS = WALSENDERS_TOO.replace("${SLOTS}", " AND s.slot_name = ANY (?::text[])");

    private static final String LISTED = """
            SELECT a.pid, (1000000 * extract(epoch FROM a.backend_start))::bigint FROM pg_catalog.pg_stat_activity a
            WHERE a.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
              AND a.backend_start IS NOT NULL
            """;
    /** A join, since ANY compares every session with every process id: with hundreds that takes longer than all the rest. */
    private static final String THERE = """
            SELECT a.pid, (1000000 * extract(epoch FROM a.backend_start))::bigint
            FROM unnest(?::text[]) AS p JOIN pg_catalog.pg_stat_activity a ON a.pid = p::int
            WHERE a.backend_start IS NOT NULL
            """;

    private static final String WITH_TRANSACTION = """
            SELECT a.pid
            FROM unnest(?::text[]) AS p JOIN pg_catalog.pg_stat_activity a ON a.pid = p::int
            WHERE a.xact_start IS NOT NULL
            """;
    private static final String STARTING = """
            SELECT DISTINCT l.pid
            FROM pg_catalog.pg_locks l
            WHERE l.locktype = 'object'
              AND l.database = 0
              AND l.classid = 'pg_catalog.pg_database'::regclass
              AND l.objid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
              AND l.mode = 'RowExclusiveLock'
              AND l.granted
              AND l.pid <> pg_backend_pid()
            """;
    private static final String RIGHTS = """
            SELECT rolsuper, pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'),
              pg_has_role(current_user, 'pg_signal_backend', 'USAGE')
            FROM pg_catalog.pg_roles
            WHERE rolname = current_user
            """;

    private static final String OWN = """
            SELECT a.pid, (1000000 * extract(epoch FROM a.backend_start))::bigint
            FROM pg_catalog.pg_stat_activity a
            WHERE a.pid = pg_backend_pid()
            """;

    private final Session session;
    /** Sessions of this run besides {@link #session}. */
    private final Set<BackendId> spared = new HashSet<>();

    Backends(Session session) {
        this.session = session;
    }

    /**
     * A session as it was seen.
     *
     * @param role its role at the time
     * @param application what it called itself at the time
     * @param beyondUs whether it belongs to a superuser, so that our role can't end it
     */
    record Backend(BackendId id, String role, String application, boolean beyondUs) {
        @Override
        public String toString() {
            return id.pid() + " of " + role + " (" + application + ")";
        }
    }

    /**
     * Which sessions are looked at.
     *
     * @param exempt roles whose sessions are left out
     * @param walsenders whether logical walsenders are included
     * @param slots the slots whose walsenders are left out; empty for every walsender that streams
     */
    record Scope(Set<String> exempt, boolean walsenders, Optional<Set<String>> slots) {
        /** Client sessions only. */
        static Scope clients(Set<String> exempt) {
            return new Scope(exempt, false, Optional.empty());
        }

        /** Client sessions, and logical walsenders except those of {@code slots}. */
        static Scope but(Set<String> exempt, Optional<Set<String>> slots) {
            return new Scope(exempt, true, slots);
        }

        private String query() {
            return !walsenders ? CLIENTS_ONLY : slots.isPresent() ? BUT_SLOTS : BUT_STREAMING;
        }

        private Object[] parameters() {
            return walsenders && slots.isPresent() ? new Object[] {exempt, slots.get()} : new Object[] {exempt};
        }
    }

    /**
     * Fails if our role couldn't see or end what it must.
     *
     * @throws ServerException {@code REFUSED} naming the grant
     */
    void requireRights(Deadline bound) throws SQLException, ServerException {
        String missing = session.queryOne(bound, RIGHTS, Backends::missingRight);
        if (!missing.isEmpty()) {
            String role = Sql.identifier(session.login().username());
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

    /** The backend that serves {@code session}. */
    static BackendId own(Session session, Duration bound) throws ServerException {
        return session.askOne("ask for its backend", bound, OWN, Backends::id);
    }

    /** Spares this session of our own from now on: it isn't among those that are ended. */
    void spare(BackendId own) {
        spared.add(own);
    }

    /** The oldest transaction first. */
    List<ClientSession> sessions(Set<String> exempt, Deadline bound) throws SQLException {
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
    void endTransactions(List<ClientSession> stragglers, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        Set<Integer> pids = stragglers.stream().map(ClientSession::pid).collect(Collectors.toSet());
        Set<Integer> left = withTransaction(pids, bound);
        signal("pg_cancel_backend", left, bound);
        Deadline grace = bound.atMost(GRACE_OF_CANCEL);
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

    private Set<Integer> withTransaction(Set<Integer> pids, Deadline bound) throws SQLException {
        return new HashSet<>(session.query(bound, WITH_TRANSACTION, row -> row.getInt(1), pids));
    }

    /**
     * Every session that may have begun with settings from before this call. Those that log in later have begun with
     * the new settings, and are not among them.
     *
     * <p>Why no session is missing: a backend that starts takes a lock on the database's entry before it reads the
     * settings, and keeps it until it is in {@code pg_stat_activity}. So one that read the source's settings either has
     * that lock when the locks are looked at, and is waited for, or is in the list that is read after that, or is gone.
     * No clock is used. A session that logs in while others are waited for is in neither, and stays.
     */
    Map<BackendId, Backend> earlier(Scope scope, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        Set<Integer> starting = starting(bound);
        if (starting.isEmpty()) {
            return presentOthers(scope, bound);
        }
        Set<BackendId> listed = new HashSet<>(session.query(bound, LISTED, Backends::id));
        awaitStarted(starting, bound);
        Map<BackendId, Backend> earlier = presentOthers(scope, bound);
        earlier.keySet().removeIf(id -> !listed.contains(id) && !starting.contains(id.pid()));
        return earlier;
    }

    /** Tells these to end; {@link #awaitGone} waits until they have. */
    void beginToEnd(Map<BackendId, Backend> earlier, Deadline bound) throws SQLException {
        signal("pg_terminate_backend", pids(endable(earlier)), bound);
    }

    /** Asks what {@link #earlier}, {@link #beginToEnd} and {@link #awaitGone} ask, and ends no session. */
    void dryRun(Scope scope, Deadline bound) throws SQLException {
        starting(bound);
        session.query(bound, LISTED, Backends::id);
        endable(present(scope, bound));
        isThere(Set.of(), bound);
        send("pg_terminate_backend", Set.of(), bound);
    }

    /** All sessions that exist by now; they have read the settings already. */
    Set<BackendId> everybody(Deadline bound) throws SQLException {
        return present(Scope.clients(Set.of()), bound).keySet();
    }

    /**
     * Ends every client session that may have begun with settings from before this call, except those in {@code known}
     * and those that only a superuser could end, and waits until they are gone.
     */
    FenceDown endLater(Set<BackendId> known, Set<String> exempt, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        Map<BackendId, Backend> later = earlier(Scope.clients(exempt), bound);
        later.keySet().removeAll(known);
        Map<BackendId, Backend> ended = endable(later);
        signal("pg_terminate_backend", pids(ended), bound);
        awaitGone(ended, bound);
        later.keySet().removeAll(ended.keySet());
        return new FenceDown(ended.size(), later.isEmpty() ? "" : later.values() + ", which only a superuser can end");
    }

    private void awaitStarted(Set<Integer> starting, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        Set<Integer> left = new HashSet<>(starting);
        while (!left.isEmpty()) {
            pauseFor("backends " + left + " that are starting", bound);
            left.retainAll(starting(bound));
        }
    }

    /** Waits until these are gone. */
    void awaitGone(Map<BackendId, Backend> earlier, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        Deadline grace = bound.atMost(GRACE_OF_SUPERUSERS);
        Map<BackendId, Backend> left = new HashMap<>(earlier);
        left.keySet().retainAll(isThere(left.keySet(), bound));
        while (!left.isEmpty()) {
            if (grace.passed() && endable(left).isEmpty()) {
                throw notEndable(left.values());
            }
            pauseFor("sessions " + left.values(), bound);
            left.keySet().retainAll(isThere(left.keySet(), bound));
        }
    }

    /** Which of these are still there, whatever they call themselves and whatever they do by now. */
    private Set<BackendId> isThere(Set<BackendId> ids, Deadline bound) throws SQLException {
        return new HashSet<>(session.query(bound, THERE, Backends::id, pids(ids)));
    }

    private Set<Integer> starting(Deadline bound) throws SQLException {
        return new HashSet<>(session.query(bound, STARTING, row -> row.getInt(1)));
    }

    /** Without those of this run. */
    private Map<BackendId, Backend> presentOthers(Scope scope, Deadline bound) throws SQLException {
        Map<BackendId, Backend> present = present(scope, bound);
        present.keySet().removeAll(spared);
        return present;
    }

    private Map<BackendId, Backend> present(Scope scope, Deadline bound) throws SQLException {
        Map<BackendId, Backend> present = new HashMap<>();
        session.query(
                        bound,
                        scope.query(),
                        row -> new Backend(id(row), row.getString(3), row.getString(4), row.getBoolean(5)),
                        scope.parameters())
                .forEach(each -> present.put(each.id(), each));
        return present;
    }

    private static BackendId id(ResultSet row) throws SQLException {
        return new BackendId(row.getInt(1), row.getLong(2));
    }

    private static Map<BackendId, Backend> endable(Map<BackendId, Backend> backends) {
        Map<BackendId, Backend> endable = new HashMap<>(backends);
        endable.values().removeIf(Backend::beyondUs);
        return endable;
    }

    private ServerException notEndable(Collection<Backend> left) {
        return new ServerException(
                Kind.NOT_SO,
                "it can't be proven that the fence holds on " + session.login().endpoint() + ": sessions " + left
                        + " belong to superusers and can't be ended by "
                        + session.login().username()
                        + "; close them, or exempt their roles",
                null);
    }

    private static Set<Integer> pids(Map<BackendId, Backend> backends) {
        return pids(backends.keySet());
    }

    private static Set<Integer> pids(Set<BackendId> backends) {
        return backends.stream().map(BackendId::pid).collect(Collectors.toSet());
    }

    private void signal(String function, Set<Integer> pids, Deadline bound) throws SQLException {
        if (!pids.isEmpty()) {
            send(function, pids, bound);
        }
    }

    private void send(String function, Set<Integer> pids, Deadline bound) throws SQLException {
        session.query(
                bound,
                "SELECT pg_catalog." + function + "(p::int) FROM unnest(?::text[]) AS p",
                row -> row.getBoolean(1),
                pids);
    }

    private void pauseFor(String what, Deadline bound) throws ServerException, InterruptedException {
        if (bound.passed()) {
            throw new ServerException(
                    Kind.TIMED_OUT,
                    what + " were still there on " + session.login().endpoint() + " after "
                            + bound.whole().toMillis() + " ms",
                    null);
        }
        bound.pause(PAUSE);
    }

    /**
     * Identifies a session: process ids are reused, start times aren't. Role and application aren't part of it, since
     * both can change.
     */
    record BackendId(int pid, long startMicros) {
        private static final Pattern TEXT = Pattern.compile("(\\d{1,9}):(\\d{1,18})");

        /** As {@link #toString} writes it. */
        static BackendId parse(String text) {
            Matcher parts = TEXT.matcher(text);
            if (!parts.matches()) {
                throw new InvalidSettingsException(
                        "a session is no PID:START, but '" + text.substring(0, Math.min(40, text.length())) + "'");
            }
            return new BackendId(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)));
        }

        @Override
        public String toString() {
            return pid + ":" + startMicros;
        }
    }
}
