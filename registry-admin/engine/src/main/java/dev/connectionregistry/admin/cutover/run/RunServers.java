package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * A run's sessions on the two servers; owns and closes them. The one on the source is opened once for each time that the
 * server's lock is taken, and never again by itself; the one on the target whenever it is needed. For the coordinator's
 * thread, but for {@link #cancel}.
 */
public final class RunServers implements AutoCloseable {
    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final Duration PING = Duration.ofSeconds(1);
    /** How long a login may take before the hold: there are no slower ones that would do in it. */
    private static final Duration CHECKED_LOGIN = Duration.ofSeconds(10);

    private final CutoverServers servers;
    private final RunSpec spec;
    private volatile Optional<SourceServer> source = Optional.empty();
    private Optional<FencePlan> plan = Optional.empty();
    private volatile Optional<TargetServer> target = Optional.empty();
    private Optional<BoundedCall<String, ServerException>> schemaLook = Optional.empty();
    private volatile Optional<Barrier> barrier = Optional.empty();
    private Optional<CoordinatorSignals> signals = Optional.empty();
    /** While checks are made: whether they are, and why the target let nobody in. */
    private boolean checking;

    private Optional<ServerException> refused = Optional.empty();

    /** With nothing open. */
    public RunServers(CutoverServers servers, RunSpec spec) {
        this.servers = servers;
        this.spec = spec;
    }

    /** Takes the source's lock. */
    public SourceServer openSource(boolean takeOver, Duration bound) throws ServerException {
        closeSource();
        SourceServer opened = servers.source(spec.sourceAdmin(), ServerLogin.of(spec.source()), spec.id())
                .open(takeOver, bound);
        source = Optional.of(opened);
        return opened;
    }

    /** The session that may fence. */
    public SourceServer source() throws StepFailure {
        return source.orElseThrow(() -> new StepFailure(
                Kind.SESSION_LOST, "there is no session on " + spec.source().endpoint()));
    }

    /**
     * The plan of the fence, made by this session when it is first asked for.
     *
     * @throws ServerException as {@link SourceServer#plan}
     */
    public FencePlan fencePlan(Duration bound) throws StepFailure, ServerException {
        if (plan.isEmpty()) {
            plan = Optional.of(
                    source().plan(spec.options().fence(), spec.options().exemptRoles(), bound));
        }
        return plan.get();
    }

    /** Whether this session has planned the fence. */
    public boolean isFencePlanned() {
        return plan.isPresent();
    }

    /** Whether that session is gone, as far as the server can be asked; asks nothing if there is none. */
    public boolean isSourceLost() {
        if (source.isEmpty()) {
            return true;
        }
        try {
            source.get().walPosition(PING);
            return false;
        } catch (ServerException e) {
            return e.kind() == ServerException.Kind.SESSION_LOST;
        }
    }

    /**
     * The target; logs in if there is no session. Waits for a look that is under way.
     *
     * @throws ServerException {@code TIMED_OUT} if the look doesn't end in time, which costs the session: the next use logs in again
     */
    public TargetServer target(Duration bound) throws ServerException {
        if (schemaLook.isPresent() && !hasEnded(schemaLook.get(), bound)) {
            forgetTarget();
            schemaLook = Optional.empty();
            throw new ServerException(
                    ServerException.Kind.TIMED_OUT,
                    spec.target().endpoint() + " did not tell its schema within " + bound.toMillis() + " ms",
                    null);
        }
        if (target.isEmpty()) {
            target = Optional.of(open(bound));
        }
        return target.get();
    }

    private static boolean hasEnded(BoundedCall<String, ServerException> look, Duration bound) {
        try {
            return look.awaitEnd(bound);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return look.hasEnded();
        }
    }

    /** A server that let nobody in isn't asked by every check again: each of them would wait for it. */
    private TargetServer open(Duration bound) throws ServerException {
        if (refused.isPresent()) {
            throw refused.get();
        }
        Duration login = checking && bound.compareTo(CHECKED_LOGIN) > 0 ? CHECKED_LOGIN : bound;
        try {
            return servers.target(spec.targetAdmin(), spec.id()).open(login);
        } catch (ServerException e) {
            refused = checking ? Optional.of(e) : Optional.empty();
            throw e;
        }
    }

    /** From now on, until {@link #checked}, the first login to the target that fails counts for all that need one. */
    public void beginChecks() {
        checking = true;
        refused = Optional.empty();
    }

    /** The target let nobody in, as another look has seen: {@code why} is for the operator. */
    public void refuseTarget(String why) {
        if (checking && target.isEmpty()) {
            refused = Optional.of(new ServerException(ServerException.Kind.REFUSED, why, null));
        }
    }

    /** The checks are over. */
    public void checked() {
        checking = false;
        refused = Optional.empty();
    }

    /** Begins to look at the target's schema, on a thread of its own; what an earlier look found is forgotten. */
    public void lookAtSchema(SchemaLook look, Duration bound) throws ServerException {
        TargetServer server = target(bound);
        schemaLook = Optional.of(BoundedCall.start("cutover-new-schema", () -> look.digest(server, bound)));
    }

    /** Waits for nothing, but fails if the look has failed by now: what can't be switched to needs no fence. */
    public void heedSchemaLook() throws ServerException {
        if (schemaLook.isPresent() && schemaLook.get().hasEnded()) {
            schemaLook.get().result();
        }
    }

    /** Finds out the digest of a server's schema. */
    @FunctionalInterface
    public interface SchemaLook {
        /** Within {@code bound}. */
        String digest(TargetServer target, Duration bound) throws ServerException;
    }

    /**
     * The digest that the look found; waits for it. Empty if none was begun since this was last asked.
     *
     * @throws ServerException as the look
     * @throws StepFailure if it doesn't end
     */
    public Optional<String> schemaSeen(Duration bound) throws ServerException, StepFailure, InterruptedException {
        Optional<BoundedCall<String, ServerException>> look = schemaLook;
        if (look.isEmpty()) {
            return Optional.empty();
        }
        String digest = answer(look.get(), bound);
        schemaLook = Optional.empty();
        return Optional.of(digest);
    }

    /**
     * What the target answers to a call that has a bound itself; waits a little longer than {@code bound}.
     *
     * @throws ServerException as the call
     * @throws StepFailure if it doesn't end
     */
    public static <T> T answer(BoundedCall<T, ServerException> call, Duration bound)
            throws ServerException, StepFailure, InterruptedException {
        try {
            return call.get(bound.plus(MARGIN));
        } catch (TimeoutException e) {
            throw StepFailure.failed("the target did not answer within " + bound.toMillis() + " ms");
        }
    }

    /** Gives the session on the target up, so that the next use logs in again. */
    public void forgetTarget() {
        target.ifPresent(TargetServer::close);
        target = Optional.empty();
    }

    /** The barrier that the operator chose. */
    public Barrier barrier() {
        Barrier present = barrier.orElseGet(
                () -> servers.barrier(spec.options().barrier(), spec.sourceAdmin(), spec.targetAdmin(), spec.id()));
        barrier = Optional.of(present);
        return present;
    }

    /** Has signals from now on, unless the operator wants none. */
    public void openSignals() {
        if (signals.isEmpty() && spec.options().signals()) {
            signals = Optional.of(servers.signals(spec.targetAdmin(), spec.id()));
        }
    }

    /** Signals; empty while there are none. */
    public Optional<CoordinatorSignals> signals() {
        return signals;
    }

    /** Ends the statements that are under way on these sessions, which then fail; from any thread. */
    public void cancel() {
        source.ifPresent(SourceServer::cancel);
        target.ifPresent(TargetServer::cancel);
        barrier.ifPresent(Barrier::cancel);
    }

    /** Ends the session on the source, and with it the lock there. */
    public void closeSource() {
        source.ifPresent(SourceServer::close);
        source = Optional.empty();
        plan = Optional.empty();
    }

    @Override
    public void close() {
        signals.ifPresent(CoordinatorSignals::close);
        signals = Optional.empty();
        barrier.ifPresent(Barrier::close);
        barrier = Optional.empty();
        forgetTarget();
        schemaLook.ifPresent(BoundedCall::close);
        schemaLook = Optional.empty();
        closeSource();
    }
}
