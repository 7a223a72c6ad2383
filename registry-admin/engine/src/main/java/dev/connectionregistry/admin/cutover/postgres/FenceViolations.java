package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.Call;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.ReadOnlyDefault;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.postgres.Unfenced;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What violates a fence that is up: roles it doesn't bind, workers it doesn't stop, transactions that still write. */
final class FenceViolations {
    private static final String WRITERS = """
            SELECT a.pid || ' of ' || coalesce(a.usename, a.backend_type, '?') || ' (' || coalesce(a.application_name, '') || ')'
            FROM pg_catalog.pg_stat_activity a
            WHERE a.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
              AND a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid() AND a.backend_type <> 'autovacuum worker'
              AND coalesce(a.usename, '') <> ALL (?::text[])
            """;
    private static final String WORKERS = """
            SELECT a.pid || ' (' || a.backend_type || coalesce(' of ' || a.usename, '') || ')'
            FROM pg_catalog.pg_stat_activity a
            WHERE ${IS_WORKER} AND coalesce(a.usename, '') <> ALL (?::text[])
            """.replace("${IS_WORKER}", Unfenced.IS_WORKER);
    /** The first column is the ordinal in {@link Against}. */
    private static final String OFFENCES = """
            SELECT 0, q.gid || ' of ' || q.owner
            FROM (${PREPARED}) AS q (gid, owner)
            UNION ALL
            SELECT 1, q.*
            FROM (${WORKERS}) AS q
            UNION ALL
            SELECT 2, q.*
            FROM (${WRITERS}) AS q
            """.replace("${PREPARED}", Unfenced.PREPARED)
            .replace("${WORKERS}", WORKERS)
            .replace("${WRITERS}", WRITERS);

    /** What violates the fence, in the order of {@link #OFFENCES}. */
    private enum Against {
        PREPARED_TRANSACTIONS("prepared transaction", "prepared transactions", ""),
        BACKGROUND_WORKERS(
                "background worker",
                "background workers",
                ", which the fence doesn't stop (a subscription of this server, a scheduler; stop it, or exempt its role)"),
        OPEN_WRITES(
                "transaction that writes", "transactions that write", " under the fence, in the session that is named");

        private final String one;
        private final String many;
        private final String more;

        Against(String one, String many, String more) {
            this.one = one;
            this.many = many;
            this.more = more;
        }

        private String number(int seen) {
            return Plural.of(seen, one, many) + more;
        }
    }

    private record Offence(Against kind, String who) {}

    private final Session session;
    private final FenceFactsReader facts;

    FenceViolations(Session session) {
        this.session = session;
        this.facts = new FenceFactsReader(session);
    }

    /** Fails if background workers write to the database, which no fence stops. */
    void requireNoWorkers(Set<String> exempt, Deadline bound) throws SQLException, ServerException {
        requireNone(Against.BACKGROUND_WORKERS, session.query(bound, WORKERS, row -> row.getString(1), exempt));
    }

    /** Asks everything that is asked about a fence that is up, and ignores the answers. */
    void dryRun(FencePlan plan, Deadline bound) throws SQLException {
        try {
            requireBound(plan, bound);
        } catch (ServerException e) {
            // there is no fence yet
        }
        facts.calls(bound);
        try {
            requireNone(plan, bound);
        } catch (ServerException e) {
            // services write
        }
    }

    /** Fails if anything may write behind the fence; to be called when no session from before the fence is left. */
    void requireNone(FencePlan plan, Deadline bound) throws SQLException, ServerException {
        requireNone(offences(plan, bound));
    }

    /**
     * What may violate a fence once no session from before it is left, each with a description; one query instead of
     * three.
     */
    private List<Offence> offences(FencePlan plan, Deadline bound) throws SQLException {
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
                    kind,
                    offences.stream()
                            .filter(each -> each.kind == kind)
                            .map(Offence::who)
                            .toList());
        }
    }

    /** Fails if a role isn't bound: it may have been given a default or a right of its own since the plan was made. */
    void requireBound(FencePlan plan, Deadline bound) throws SQLException, ServerException {
        List<ReadOnlyDefault> now = facts.defaults(bound);
        Set<String> open = new TreeSet<>();
        for (ReadOnlyDefault each : now) {
            String role = each.role();
            if (role != null && !plan.exemptRoles().contains(role) && !isOn(now, role)) {
                open.add("role " + role);
            }
        }
        if (!FenceEffects.isReadOnly(now)) {
            open.add("the database");
        }
        if (plan.kind() == FenceKind.READ_ONLY) {
            requireNoCalls(plan, bound);
        }
        if (!open.isEmpty()) {
            throw notSo("default_transaction_read_only is not on for " + open
                    + "; was it changed since the plan was made?");
        }
    }

    private void requireNoCalls(FencePlan plan, Deadline bound) throws SQLException, ServerException {
        List<String> open = facts.calls(bound).stream()
                .filter(call -> !isExempt(call.grant().grantee(), plan))
                .map(Call::signature)
                .distinct()
                .toList();
        if (!open.isEmpty()) {
            throw notSo("functions that write large objects in spite of a read-only transaction can be called: " + open
                    + "; was a right granted since the plan was made?");
        }
    }

    /** A grantee of null is PUBLIC. */
    private static boolean isExempt(@Nullable String grantee, FencePlan plan) {
        return grantee != null && plan.exemptRoles().contains(grantee);
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

    private void requireNone(Against what, List<String> seen) throws ServerException {
        if (!seen.isEmpty()) {
            throw notSo((seen.size() == 1 ? "there is " : "there are ") + what.number(seen.size()) + ": "
                    + seen.subList(0, Math.min(5, seen.size())));
        }
    }

    private ServerException notSo(String what) {
        return new ServerException(
                Kind.NOT_SO, "the fence does not hold on " + session.login().endpoint() + ": " + what, null);
    }
}
