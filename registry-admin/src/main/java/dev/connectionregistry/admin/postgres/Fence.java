package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.cutover.server.FenceDown;
import dev.connectionregistry.admin.cutover.server.FenceKind;
import dev.connectionregistry.admin.cutover.server.FencePlan;
import dev.connectionregistry.admin.cutover.server.FenceProof;
import dev.connectionregistry.admin.postgres.Backends.Backend;
import dev.connectionregistry.admin.postgres.FenceFacts.ReadOnlyDefault;
import dev.connectionregistry.admin.postgres.session.Bound;
import dev.connectionregistry.admin.postgres.session.Failures;
import dev.connectionregistry.admin.postgres.session.Login;
import dev.connectionregistry.admin.postgres.session.Remedies;
import dev.connectionregistry.admin.postgres.session.Session;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Plans the fence, puts it up, shows that it holds, takes it down; all through the session that has the lock. */
final class Fence {
    private static final Duration LONGEST_ENDING = Duration.ofSeconds(2);
    private static final String WRITERS = "SELECT a.pid || ' of ' || coalesce(a.usename, a.backend_type, '?') || ' ('"
            + " || coalesce(a.application_name, '') || ')' FROM pg_catalog.pg_stat_activity a"
            + " WHERE a.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
            + " AND a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid()"
            + " AND a.backend_type NOT IN ('walsender', 'autovacuum worker')"
            + " AND coalesce(a.usename, '') <> ALL (?::text[])";
    /** They are no client sessions: nobody ends them, and they keep the settings that they began with. */
    private static final String WORKERS =
            "SELECT a.pid || ' (' || a.backend_type || coalesce(' of ' || a.usename, '') || ')'"
                    + " FROM pg_catalog.pg_stat_activity a"
                    + " WHERE a.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
                    + " AND a.backend_type NOT IN ('client backend', 'walsender', 'autovacuum worker', 'parallel worker')"
                    + " AND coalesce(a.usename, '') <> ALL (?::text[])";

    private static final String WORKERS_ARE =
            "background workers, which the fence doesn't stop (a subscription of this server, a scheduler; stop them, or"
                    + " exempt their roles)";
    private static final String PREPARED =
            "SELECT gid || ' of ' || owner FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()";
    /** The first column is the place in {@link Against}. */
    private static final String OFFENCES = "SELECT 0, q.* FROM (" + PREPARED + ") AS q UNION ALL SELECT 1, q.* FROM ("
            + WORKERS + ") AS q UNION ALL SELECT 2, q.* FROM (" + WRITERS + ") AS q";

    private final Session session;
    private final Login service;
    private final Backends backends;
    private final FenceFactsReader facts;
    private final WriteProbe probe;
    /** Who is known to have begun while no fence was up: all who were there before ours. */
    private Set<Backend> earlier = Set.of();
    /** Whether this session knows that no fence is up: it planned one, or took it down. */
    private boolean knownDown;

    /** What stands against the fence, in the order of {@link #OFFENCES}. */
    private enum Against {
        PREPARED_TRANSACTIONS("prepared transactions"),
        BACKGROUND_WORKERS(WORKERS_ARE),
        OPEN_WRITES("transactions that write under the fence, in sessions");

        private final String what;

        Against(String what) {
            this.what = what;
        }
    }

    private record Offence(Against kind, String who) {}

    Fence(Session session, Login service, String applicationName) {
        this.session = session;
        this.service = service;
        this.backends = new Backends(session);
        this.facts = new FenceFactsReader(session);
        this.probe = new WriteProbe(service, applicationName + "/probe");
    }

    /** Makes the plan and rehearses it in a transaction that is rolled back, so that a missing right shows now. */
    FencePlan plan(FenceKind kind, Set<String> exempt, Duration bound) throws ServerException {
        return session.call("plan the fence", Remedies.NONE, bound, end -> {
            backends.requireRights(end);
            requireNone(WORKERS_ARE, WORKERS, end, exempt);
            FenceFacts now = facts.read(service.username(), end);
            FencePlan plan = FencePlanner.plan(kind, now, exempt);
            session.rehearse(end, within -> {
                execute(plan.up(), now.owner(), within);
                execute(plan.down(), now.owner(), within);
                return plan;
            });
            knownDown = true;
            return plan;
        });
    }

    void tryServiceLogin(Duration bound) throws ServerException {
        session.call("try the services' login", Remedies.NONE, bound, end -> {
            probe.tryOut(end);
            return true;
        });
    }

    /** Asks all that {@link #prove} will ask, and takes no notice of the answers. */
    void rehearse(FencePlan plan, Duration bound) throws ServerException {
        session.call("rehearse the fence's proof", Remedies.NONE, bound, end -> {
            facts.defaults(end);
            backends.rehearse(plan.exemptRoles(), end);
            return offences(plan, end);
        });
    }

    void raise(FencePlan plan, Duration bound) throws ServerException {
        session.call("raise the fence", Remedies.NONE, bound, end -> {
            if (knownDown) {
                earlier = backends.everybody(end);
            }
            knownDown = false;
            return inOneTransaction(plan.up(), end);
        });
    }

    FenceDown lower(FencePlan plan, Duration bound) throws ServerException {
        return session.call("lower the fence", Remedies.NONE, bound, end -> {
            boolean stood = isDatabaseOn(facts.defaults(end));
            inOneTransaction(plan.down(), end);
            knownDown = true;
            return stood ? endThoseBehindIt(plan, end.atMost(LONGEST_ENDING)) : new FenceDown(0, "");
        });
    }

    /** The fence is down already and callers wait: who can't be ended is named, and not waited for any longer. */
    private FenceDown endThoseBehindIt(FencePlan plan, Bound bound) throws SQLException, InterruptedException {
        try {
            return backends.endLater(earlier, plan.exemptRoles(), bound);
        } catch (ServerException e) {
            return new FenceDown(0, String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            if (Failures.isLoss(e)) {
                throw e;
            }
            return new FenceDown(0, Failures.text(e));
        }
    }

    private boolean inOneTransaction(List<String> statements, Bound bound)
            throws SQLException, ServerException, InterruptedException {
        return session.inTransaction(bound, within -> {
            execute(statements, null, within);
            return true;
        });
    }

    /** The owner is for messages; where it isn't known it can't be asked for either, in a transaction that has failed. */
    private void execute(List<String> statements, @Nullable String owner, Bound bound)
            throws SQLException, ServerException {
        for (String statement : statements) {
            try {
                session.execute(bound, statement);
            } catch (SQLException e) {
                if (!Failures.isMissingRight(e)) {
                    throw e;
                }
                String remedy = Remedies.ofFence(statement, session.login().username(), owner);
                throw Failures.of(statement + " on " + session.login().endpoint(), remedy, bound, e);
            }
        }
    }

    FenceProof prove(FencePlan plan, Duration bound) throws ServerException {
        return session.call("prove the fence", Remedies.SIGNAL, bound, end -> {
            requireDefaults(plan, end);
            Set<Backend> toEnd = backends.earlier(plan.exemptRoles(), end);
            // it logs in while the others end: after the list was made, so it isn't one of them
            ProbedFence proof = ProbedFence.begin(toEnd.size(), () -> probe.refusal(plan.kind(), end));
            backends.end(toEnd, plan.exemptRoles(), end);
            requireNone(offences(plan, end));
            return proof;
        });
    }

    /** What may stand against a fence behind which nobody is left, each with what it is; one question instead of three. */
    private List<Offence> offences(FencePlan plan, Bound bound) throws SQLException {
        return session.query(
                bound,
                OFFENCES,
                row -> new Offence(Against.values()[row.getInt(1)], row.getString(2)),
                plan.exemptRoles(),
                plan.exemptRoles());
    }

    private void requireNone(List<Offence> offences) throws ServerException {
        for (Against kind : Against.values()) {
            requireNone(
                    kind.what,
                    offences.stream()
                            .filter(each -> each.kind == kind)
                            .map(Offence::who)
                            .toList());
        }
    }

    /** A role may have been given a default of its own since the plan was made. */
    private void requireDefaults(FencePlan plan, Bound bound) throws SQLException, ServerException {
        List<ReadOnlyDefault> now = facts.defaults(bound);
        Set<String> open = new TreeSet<>();
        for (ReadOnlyDefault each : now) {
            String role = each.role();
            if (role != null && !plan.exemptRoles().contains(role) && !isOn(now, role)) {
                open.add("role " + role);
            }
        }
        if (!isDatabaseOn(now)) {
            open.add("the database");
        }
        if (!open.isEmpty()) {
            throw notSo("default_transaction_read_only is not on for " + open
                    + "; was it changed since the plan was made?");
        }
    }

    /** Whether new sessions of the database are read-only by default, as they are behind a fence of either kind. */
    static boolean isDatabaseOn(List<ReadOnlyDefault> now) {
        return now.stream().anyMatch(each -> each.role() == null && each.on());
    }

    private static boolean isOn(List<ReadOnlyDefault> now, String role) {
        List<ReadOnlyDefault> own =
                now.stream().filter(each -> Objects.equals(each.role(), role)).toList();
        return own.stream()
                .filter(ReadOnlyDefault::inDatabase)
                .findFirst()
                .orElse(own.get(0))
                .on();
    }

    private void requireNone(String what, String sql, Bound bound, Object... parameters)
            throws SQLException, ServerException {
        requireNone(what, session.query(bound, sql, row -> row.getString(1), parameters));
    }

    private void requireNone(String what, List<String> seen) throws ServerException {
        if (!seen.isEmpty()) {
            throw notSo("there are " + seen.size() + " " + what + ": " + seen.subList(0, Math.min(5, seen.size())));
        }
    }

    private ServerException notSo(String what) {
        return new ServerException(
                Kind.NOT_SO, "the fence does not hold on " + session.login().endpoint() + ": " + what, null);
    }
}
