package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.CutoverServer;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.SourceServer.ClientSession;
import dev.connectionregistry.admin.cutover.fence.FenceDown;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FenceProof;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.IdentityReader;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.postgres.SequenceReader;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.core.internal.util.CleanLogger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;

/** The source over JDBC, through one session that has the advisory lock. For one thread at a time. */
final class PostgresSourceServer extends PostgresServer implements SourceServer {
    private static final Logger LOG = CleanLogger.of(PostgresSourceServer.class);
    /** If logging in takes longer, the run does without that session. */
    private static final Duration LONGEST_LOOK_LOGIN = Duration.ofSeconds(5);

    private final Session session;
    private final Fence fence;
    private final String application;

    /** A run's id, and the name of its sessions. */
    record RunName(String id, String application) {}

    private PostgresSourceServer(Session session, PostgresIdentity identity, Fence fence, String application) {
        super(session, identity);
        this.session = session;
        this.fence = fence;
        this.application = application;
    }

    /** See {@link SourceServer.Opener#connect}. */
    static Unlocked connect(Login admin, Login service, RunName run, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        Session session = Session.open(admin, run.application(), bound).keepingPlans(end.left());
        try {
            PostgresIdentity identity = IdentityReader.of(session, end.left());
            requirePrimary(session, end.left());
            Login serviceThere = service.at(session.login().endpoint()); // the proof is about the server that is fenced
            return new Connected(session, identity, oid(session, end.left()), serviceThere, run);
        } catch (ServerException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static long oid(Session session, Duration bound) throws ServerException {
        return session.askOne(
                "ask for its database",
                bound,
                "SELECT oid::bigint FROM pg_catalog.pg_database WHERE datname = current_database()",
                row -> row.getLong(1));
    }

    /** A session that doesn't have the lock yet. */
    private record Connected(Session session, PostgresIdentity identity, long oid, Login service, RunName run)
            implements Unlocked {
        @Override
        public SourceServer lock(boolean takeOver, Duration bound) throws ServerException {
            try {
                new AdvisoryLock(session).take(takeOver, bound);
                return new PostgresSourceServer(
                        session, identity, new Fence(session, service, run.application(), run.id()), run.application());
            } catch (ServerException | RuntimeException e) {
                session.close();
                throw e;
            }
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private static void requirePrimary(Session session, Duration bound) throws ServerException {
        boolean standby = session.askOne(
                "ask for its role", bound, "SELECT pg_catalog.pg_is_in_recovery()", row -> row.getBoolean(1));
        if (standby) {
            throw new ServerException(
                    Kind.NOT_SO,
                    session.login().endpoint()
                            + " is in recovery (a standby); name the primary, which alone can be fenced",
                    null);
        }
    }

    @Override
    public Optional<CutoverServer> openBeside(Duration bound) {
        Duration login = bound.compareTo(LONGEST_LOOK_LOGIN) < 0 ? bound : LONGEST_LOOK_LOGIN;
        try {
            PostgresLook look = PostgresLook.open(session.login(), application + "/look", identity(), login);
            fence.spare(look.backend());
            return Optional.of(look);
        } catch (ServerException e) { // the run does without
            LOG.debug("no second session on {}: {}", session.login().endpoint(), e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public FencePlan plan(FenceKind kind, Set<String> exemptRoles, Duration bound) throws ServerException {
        return fence.plan(kind, exemptRoles, bound);
    }

    @Override
    public void tryServiceLogin(Duration bound) throws ServerException {
        fence.tryServiceLogin(bound);
    }

    @Override
    public void dryRunProof(Optional<Set<String>> slots, Duration bound) throws ServerException {
        fence.dryRun(slots, bound);
    }

    @Override
    public List<ClientSession> sessions(Set<String> exemptRoles, Duration bound) throws ServerException {
        Backends backends = new Backends(session);
        return session.call("list sessions", Remedies.NONE, bound, end -> {
            backends.requireRights(end);
            return backends.sessions(exemptRoles, end);
        });
    }

    @Override
    public void endTransactions(List<ClientSession> stragglers, Duration bound) throws ServerException {
        session.call("end transactions", Remedies.SIGNAL, bound, end -> {
            new Backends(session).endTransactions(stragglers, end);
            return true;
        });
    }

    @Override
    public void raise(Duration bound) throws ServerException {
        fence.raise(bound);
    }

    @Override
    public void prepareProof() throws ServerException, InterruptedException {
        fence.prepareProbe();
    }

    @Override
    public FenceProof prove(Optional<Set<String>> slots, Duration bound) throws ServerException {
        return fence.prove(slots, bound);
    }

    @Override
    public FenceDown lower(Duration bound) throws ServerException {
        return fence.lower(bound);
    }

    @Override
    public void keepFence(Duration bound) throws ServerException {
        fence.keep(bound);
    }

    @Override
    public String walPosition(Duration bound) throws ServerException {
        return session.askOne(
                "read the WAL position",
                bound,
                "SELECT pg_catalog.pg_current_wal_insert_lsn()::text",
                row -> row.getString(1));
    }

    @Override
    public List<SequenceState> sequences(Duration bound) throws ServerException {
        return session.call(
                "read the sequences", Remedies.READ_SEQUENCES, bound, end -> new SequenceReader(session).states(end));
    }

    @Override
    public void close() {
        fence.close();
        super.close();
    }
}
