package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.fence.FenceChange;
import dev.connectionregistry.admin.cutover.fence.FenceDown;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FenceProof;
import dev.connectionregistry.admin.cutover.fence.FenceStatements;
import dev.connectionregistry.admin.cutover.postgres.Backends.Backend;
import dev.connectionregistry.admin.cutover.postgres.Backends.BackendId;
import dev.connectionregistry.admin.cutover.postgres.Backends.Scope;
import dev.connectionregistry.admin.cutover.postgres.FenceRecords.FenceRecord;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Plans the fence, puts it up, proves that it holds, and takes it down, all through the session that has the lock.
 * Carries out only what it planned itself, or what the fence's record on the server says ({@link FenceRecords}).
 */
final class Fence {
    private static final Duration LONGEST_ENDING = Duration.ofSeconds(2);

    private final Session session;
    private final Login service;
    private final String runId;
    private final Backends backends;
    private final FenceFactsReader facts;
    private final FenceRecords records;
    private final FenceViolations offences;
    private final WriteProbe probe;
    /** What this session planned, or found on the server; null until it has. */
    private @Nullable FencePlan planned;
    /** Whether our record is on the server, so that what it says about the time before the fence must not change. */
    private boolean recorded;

    Fence(Session session, Login service, String applicationName, String runId) {
        this.session = session;
        this.service = service;
        this.runId = runId;
        this.backends = new Backends(session);
        this.facts = new FenceFactsReader(session);
        this.records = new FenceRecords(session);
        this.offences = new FenceViolations(session);
        this.probe = new WriteProbe(service, applicationName + "/probe");
    }

    /**
     * Makes the plan and tries it in a transaction that is rolled back, so that a missing right shows now. Where this
     * run's fence is up already, it is the plan in its record.
     */
    FencePlan plan(FenceKind kind, Set<String> exempt, Duration bound) throws ServerException {
        return session.call("plan the fence", Remedies.NONE, bound, end -> {
            backends.requireRights(end);
            offences.requireNoWorkers(exempt, end);
            FenceFacts now = facts.read(service.username(), end);
            Optional<FenceRecord> raised = raised(end);
            FencePlan plan =
                    raised.isPresent() ? requireOurs(raised.get()).plan() : FencePlanner.plan(kind, now, exempt);
            session.rolledBack(end, within -> {
                execute(plan.changes(), FenceChange::up, now.owner(), within);
                records.write(FenceRecord.of(runId, plan, Set.of()), within);
                execute(FenceStatements.reversed(plan), FenceChange::down, now.owner(), within);
                return plan;
            });
            recorded = raised.isPresent();
            planned = plan;
            return plan;
        });
    }

    /**
     * The record of a fence if any part of the fence is up. One that was taken down by hand may have left its record
     * behind.
     */
    private Optional<FenceRecord> raised(Deadline bound) throws SQLException, ServerException {
        Optional<FenceRecord> record = records.read(bound);
        FenceEffects now = facts.inForce(bound);
        return record.filter(each -> !now.ofPlan(each.plan()).isEmpty());
    }

    private FenceRecord requireOurs(FenceRecord record) throws ServerException {
        if (!record.runId().equals(runId) || record.kept()) {
            throw new ServerException(
                    Kind.REFUSED,
                    "the fence of cutover " + record.runId() + " is up on "
                            + session.login().endpoint() + "; take it down first, by hand in one session: "
                            + String.join("; ", FenceStatements.downByHand(record.plan())),
                    null);
        }
        return record;
    }

    private FencePlan planned() throws ServerException {
        FencePlan plan = planned;
        if (plan == null) {
            throw new ServerException(
                    Kind.NOT_SO, "no fence was planned on " + session.login().endpoint(), null);
        }
        return plan;
    }

    /** The proof leaves this session alone: it is this run's own. */
    void spare(BackendId own) {
        backends.spare(own);
    }

    void tryServiceLogin(Duration bound) throws ServerException {
        session.call("try the services' login", Remedies.NONE, bound, end -> {
            probe.tryOut(end);
            return true;
        });
    }

    /** Asks everything that {@link #prove} will ask, and ignores the answers. */
    void dryRun(Optional<Set<String>> slots, Duration bound) throws ServerException {
        FencePlan plan = planned();
        session.call("dry-run the fence's proof", Remedies.NONE, bound, end -> {
            backends.dryRun(Scope.but(plan.exemptRoles(), slots), end);
            offences.dryRun(plan, end);
            FenceRecord.of(runId, plan, backends.everybody(end)).text();
            return true;
        });
    }

    /** All statements travel together: callers wait meanwhile. */
    void raise(Duration bound) throws ServerException {
        FencePlan plan = planned();
        session.call("raise the fence", Remedies.NONE, bound, end -> {
            Set<BackendId> before = recorded ? Set.of() : backends.everybody(end);
            session.inTransaction(end, String.join("; ", FenceStatements.up(plan)), within -> {
                if (!recorded) {
                    records.write(FenceRecord.of(runId, plan, before), within);
                }
                return true;
            });
            recorded = true;
            return true;
        });
    }

    /** By the record alone. Without one, no fence of this run is up, or somebody has taken its record away. */
    FenceDown lower(Duration bound) throws ServerException {
        return session.call("lower the fence", Remedies.NONE, bound, end -> {
            Optional<FenceRecord> found = records.read(end);
            FenceEffects now = facts.inForce(end);
            if (found.isEmpty()) {
                requireWritable(now);
                return new FenceDown(0, "");
            }
            FenceRecord record = found.get();
            if (!record.runId().equals(runId)) {
                return new FenceDown(0, "");
            }
            List<FenceChange> changes = now.ofPlan(record.plan());
            requireNotKept(record, changes);
            takeBack(record.plan(), changes, end);
            recorded = false;
            return changes.isEmpty() ? new FenceDown(0, "") : endThoseBehindIt(record, end.atMost(LONGEST_ENDING));
        });
    }

    /** A forged journal could name the run again after its switch, and lead the fleet back to a server that has fallen behind. */
    private void requireNotKept(FenceRecord record, List<FenceChange> changes) throws ServerException {
        if (record.kept() && !changes.isEmpty()) {
            throw new ServerException(
                    Kind.NOT_SO,
                    "the fence of cutover " + record.runId() + " on "
                            + session.login().endpoint()
                            + " stays, since its switch is done; if it has to go, take it down"
                            + " by hand in one session: "
                            + String.join("; ", FenceStatements.downByHand(record.plan())),
                    null);
        }
    }

    /** Notes in the record that the fence stays; does nothing if no fence of this run is up. */
    void keep(Duration bound) throws ServerException {
        session.call("note that the fence stays", Remedies.NONE, bound, end -> {
            Optional<FenceRecord> ours =
                    records.read(end).filter(record -> record.runId().equals(runId));
            if (ours.isPresent()) {
                records.write(ours.get().staying(), end);
            }
            return true;
        });
    }

    private void takeBack(FencePlan plan, List<FenceChange> changes, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        boolean superuser =
                session.queryOne(bound, "SELECT current_setting('is_superuser')::boolean", row -> row.getBoolean(1));
        List<String> defaultRights = superuser ? FenceStatements.defaultRights(plan) : List.of();
        session.inTransaction(bound, within -> {
            execute(changes, FenceChange::down, null, within);
            for (String statement : defaultRights) {
                session.execute(within, statement);
            }
            records.remove(within);
            return true;
        });
    }

    private void requireWritable(FenceEffects now) throws ServerException {
        if (now.isReadOnly() && now.isReadOnlyFor(service.username())) {
            throw new ServerException(
                    Kind.NOT_SO,
                    "can't take the fence down on " + session.login().endpoint()
                            + ": the database is read-only by default,"
                            + " but its comment holds no record of a fence, so nothing shows what was there before; see"
                            + " 'A fence that has to be taken down by hand' in docs/cutover.md, then try again",
                    null);
        }
    }

    /**
     * The fence is down already and callers wait: a session that can't be ended is named, and not waited for any
     * longer.
     */
    private FenceDown endThoseBehindIt(FenceRecord record, Deadline bound) throws SQLException, InterruptedException {
        try {
            return backends.endLater(record.before(), record.plan().exemptRoles(), bound);
        } catch (ServerException e) {
            return new FenceDown(0, String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            if (PostgresErrors.isLoss(e)) {
                throw e;
            }
            return new FenceDown(0, PostgresErrors.text(e));
        }
    }

    /** The owner is for messages. It must be known beforehand: a transaction that has failed can't ask for it. */
    private void execute(
            List<FenceChange> changes, Function<FenceChange, String> way, @Nullable String owner, Deadline bound)
            throws SQLException, ServerException {
        for (FenceChange change : changes) {
            String statement = way.apply(change);
            try {
                session.execute(bound, statement);
            } catch (SQLException e) {
                if (!PostgresErrors.isMissingRight(e)) {
                    throw e;
                }
                String remedy =
                        Remedies.ofFence(change.alteredRole(), session.login().username(), owner);
                throw PostgresErrors.of(statement + " on " + session.login().endpoint(), remedy, bound, e);
            }
        }
    }

    /** Begins the login that {@link #prove} needs, as far as it can go without a fence. */
    void prepareProbe() throws ServerException, InterruptedException {
        probe.prepare(planned().kind());
    }

    FenceProof prove(Optional<Set<String>> slots, Duration bound) throws ServerException {
        FencePlan plan = planned();
        return session.call("prove the fence", Remedies.SIGNAL, bound, end -> {
            Map<BackendId, Backend> toEnd = backends.earlier(Scope.but(plan.exemptRoles(), slots), end);
            // it logs in while the others end: after the list was made, so it isn't one of them
            BoundedCall<String, ServerException> refusal = probe.begin(plan.kind(), end);
            backends.beginToEnd(toEnd, end);
            backends.awaitGone(toEnd, end);
            requireBound(plan, refusal, end); // now that no session from before the fence is left that could change it
            try {
                offences.requireNone(plan, end);
            } catch (ServerException e) {
                throw ofTheProbe(refusal, end).orElse(e);
            }
            return new PendingFenceProof(toEnd.size(), refusal);
        });
    }

    private void requireBound(FencePlan plan, BoundedCall<String, ServerException> refusal, Deadline end)
            throws SQLException, ServerException {
        try {
            offences.requireBound(plan, end);
        } catch (ServerException e) {
            ofTheProbe(refusal, end);
            throw e;
        }
    }

    /** Ends a login that waits for a fence; the caller still owns the session. */
    void close() {
        probe.close();
    }

    /**
     * Why the probe fails, if it does: a probe that the fence doesn't refuse is itself a session that writes, and its
     * own error says better what is wrong. Waits until it has ended, so that no thread remains.
     */
    private static Optional<ServerException> ofTheProbe(BoundedCall<String, ServerException> probe, Deadline end) {
        try {
            probe.get(Duration.ofMillis(end.millisLeft()));
            return Optional.empty();
        } catch (ServerException e) {
            return e.kind() == Kind.NOT_SO ? Optional.of(e) : Optional.empty();
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
