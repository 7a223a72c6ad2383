package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.CutoverServer;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A run's sessions on the two servers; owns and closes them. The session on the source has the server's lock and is
 * never reopened; those on the target are opened whenever one is needed. For the coordinator's thread, except
 * {@link #cancel}.
 */
public final class RunServers implements AutoCloseable {
    private static final QuestionName<Boolean> PREPARED = new QuestionName<>("cutover-barrier", Boolean.class);
    private static final Duration PING = Duration.ofSeconds(1);
    /** How long a login may take in the checks: a slower one would be too slow for the hold. */
    private static final Duration CHECKED_LOGIN = Duration.ofSeconds(10);

    private final CutoverServers servers;
    private final RunSpec spec;
    private final GroupMember member;
    private volatile Optional<SourceServer> source = Optional.empty();
    private volatile Optional<CutoverServer> besideSource = Optional.empty();
    private Optional<SourceServer.Unlocked> unlocked = Optional.empty();
    private Optional<FencePlan> plan = Optional.empty();
    private final Map<Lane, TargetServer> targets = new ConcurrentHashMap<>();
    private final SideCalls beside = new SideCalls();
    private volatile Optional<Barrier> barrier = Optional.empty();
    private boolean checking;
    /** Why the target refused a login during the checks. */
    private Optional<ServerException> refused = Optional.empty();

    /** The sessions on the target: one for each piece of work that runs beside the others. */
    public enum Lane {
        /** For everything that has no session of its own. */
        MAIN,
        /** For the sequences. */
        SEQUENCES,
        /** For the slot for the way back. */
        SLOT
    }

    /**
     * A question that is asked beside the coordinator's thread.
     *
     * @param thread the name of the thread that asks it
     * @param answer the type of the answer
     */
    public record QuestionName<T>(String thread, Class<T> answer) {}

    /** Opens nothing yet. */
    public RunServers(CutoverServers servers, RunSpec spec, GroupMember member) {
        this.servers = servers;
        this.spec = spec;
        this.member = member;
    }

    /** Logs in to the source, without its lock. */
    SourceServer.Unlocked connectSource(Duration bound) throws ServerException {
        closeSource();
        SourceServer.Unlocked connected = servers.source(
                        spec.sourceAdmin(member), ServerLogin.of(member.source()), spec.id())
                .connect(bound);
        unlocked = Optional.of(connected);
        return connected;
    }

    /** Takes the source's lock, in the session that {@link #connectSource} opened. */
    void lockSource(boolean takeOver, Duration bound) throws ServerException {
        SourceServer.Unlocked connected = unlocked.orElseThrow();
        unlocked = Optional.empty();
        source = Optional.of(connected.lock(takeOver, bound));
    }

    /** Logs in to the source and takes its lock. */
    public SourceServer openSource(boolean takeOver, Duration bound) throws StepFailure, ServerException {
        connectSource(bound);
        lockSource(takeOver, bound);
        return source();
    }

    /** The session that may fence. */
    public SourceServer source() throws StepFailure {
        return source.orElseThrow(() -> new StepFailure(
                Kind.SESSION_LOST, "there is no session on " + member.source().endpoint()));
    }

    /**
     * Opens another session on the source, for what is asked while the first one is busy; once, while no fence is up.
     * If this can't be done, for instance because no connection is free, the run does without; if that session is lost
     * later, the run fails, as it does for the sessions on the target.
     */
    public void openBesideSource(Duration bound) throws StepFailure {
        if (besideSource.isEmpty()) {
            besideSource = source().openBeside(bound);
        }
    }

    /** Whether questions to the source have a session of their own. */
    public boolean hasBesideSource() {
        return besideSource.isPresent();
    }

    /**
     * The plan of the fence; made by this session at the first call.
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

    /** Whether the session on the source is gone; asks the server, if there is one. */
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

    /** The target, over its main session; see {@link #target(Lane, Duration)}. */
    public TargetServer target(Duration bound) throws ServerException {
        return target(Lane.MAIN, bound);
    }

    /**
     * The target over one of its sessions; logs in if there is none. Waits for the call that uses the session, if there
     * is one.
     *
     * @throws ServerException {@code TIMED_OUT} if the call doesn't end in time; the session is then given up, and the
     *     next use logs in again
     */
    public TargetServer target(Lane lane, Duration bound) throws ServerException {
        TargetServer present = targets.get(lane);
        if (present != null && !beside.awaitFree(present, bound)) {
            forgetTarget(lane);
            throw new ServerException(
                    ServerException.Kind.TIMED_OUT,
                    member.target().endpoint() + " did not answer an earlier question within " + bound.toMillis()
                            + " ms",
                    null);
        }
        TargetServer open = targets.get(lane);
        if (open == null) {
            open = open(bound);
            targets.put(lane, open);
        }
        return open;
    }

    /** Whether the target's main session is open. */
    public boolean hasTarget() {
        return targets.containsKey(Lane.MAIN);
    }

    /** The sessions on the target that are open. */
    public List<TargetServer> targets() {
        return List.copyOf(targets.values());
    }

    /** A server that refused a login of one check isn't tried again by the others, each of which would wait for it. */
    private TargetServer open(Duration bound) throws ServerException {
        if (refused.isPresent()) {
            throw refused.get();
        }
        Duration login = checking && bound.compareTo(CHECKED_LOGIN) > 0 ? CHECKED_LOGIN : bound;
        try {
            return servers.target(spec.targetAdmin(member), spec.id()).open(login);
        } catch (ServerException e) {
            refused = checking ? Optional.of(e) : Optional.empty();
            throw e;
        }
    }

    /** From now on, until {@link #checked}, once a login to the target has failed, every later one fails with it. */
    public void beginChecks() {
        checking = true;
        refused = Optional.empty();
    }

    /** Preflight could not log in to the target; {@code why} is for the operator. */
    public void refuseTarget(String why) {
        if (checking && !targets.containsKey(Lane.MAIN)) {
            refused = Optional.of(new ServerException(ServerException.Kind.REFUSED, why, null));
        }
    }

    /** Why the target refuses the logins of the checks; empty if it has refused none. */
    public Optional<ServerException> refusal() {
        return refused;
    }

    /** The checks are over. */
    public void checked() {
        checking = false;
        refused = Optional.empty();
    }

    /** Asks a server something within a bound. */
    @FunctionalInterface
    public interface Question<S, T> {
        /** Asks it. */
        T ask(S server, Duration bound) throws ServerException;
    }

    /** Asks the target something on a thread of its own; logs in first if there is no session. {@link #answer} has the result. */
    public <T> void ask(QuestionName<T> name, Lane lane, Question<TargetServer, T> question, Duration bound)
            throws ServerException {
        TargetServer server = target(lane, bound);
        beside.begin(
                name, new SideCalls.Session(server, server::cancel, server::close), () -> question.ask(server, bound));
    }

    /** The same for the source, over its session for questions, if it has one. */
    public <T> void askSource(QuestionName<T> name, Question<CutoverServer, T> question, Duration bound)
            throws StepFailure {
        SourceServer main = source();
        CutoverServer server = besideSource.orElse(main);
        beside.begin(
                name, new SideCalls.Session(server, server::cancel, server::close), () -> question.ask(server, bound));
    }

    /** Whether something of this name was asked since {@link #answer} was last called for it. */
    public boolean isAsked(QuestionName<?> name) {
        return beside.isBegun(name);
    }

    /**
     * Waits for the answer, a little longer than {@code bound}, which is also the question's. Empty if nothing of this
     * name was asked since this was last called.
     *
     * @throws ServerException if the question throws it
     * @throws StepFailure if there is no answer in time
     */
    public <T> Optional<T> answer(QuestionName<T> name, Duration bound)
            throws ServerException, StepFailure, InterruptedException {
        return beside.take(name, bound);
    }

    /** Fails if a question has failed by now; doesn't wait. A target that can't be switched to needs no fence. */
    public void requireNoFailure() throws ServerException {
        beside.requireNoFailure();
    }

    /** Ends the questions that still run, within some four seconds: then none of them has an effect, and every session is free. */
    public void endQuestions() {
        beside.end();
    }

    /** Closes the sessions on the target; the next use logs in again. */
    public void forgetTarget() {
        targets.keySet().forEach(this::forgetTarget);
    }

    private void forgetTarget(Lane lane) {
        TargetServer gone = targets.remove(lane);
        if (gone != null) {
            gone.close();
            beside.forget(gone);
        }
    }

    /** The barrier that the operator chose. */
    public Barrier barrier() {
        Barrier present = barrier.orElseGet(() -> servers.barrier(
                spec.options().barrier(), spec.sourceAdmin(member), spec.targetAdmin(member), spec.id()));
        barrier = Optional.of(present);
        return present;
    }

    /** Has the barrier prepare on a thread of its own; the next {@link #awaitBarrier} waits for that first. */
    public void prepareBarrier(Duration bound) {
        Barrier made = barrier();
        beside.begin(PREPARED, new SideCalls.Session(made, made::cancel, made::close), () -> {
            made.prepare(bound);
            return true;
        });
    }

    /**
     * Waits until the target has everything that was committed on the source, see {@link Barrier#await}.
     *
     * @throws ServerException as {@link Barrier#await}, and why its preparation failed, if it did
     * @throws StepFailure if the preparation doesn't end
     */
    public String awaitBarrier(Duration bound) throws StepFailure, ServerException, InterruptedException {
        long start = System.nanoTime();
        Optional<ServerException> unprepared = beside.failure(PREPARED, bound);
        Duration left = bound.minusNanos(System.nanoTime() - start);
        try {
            return barrier().await(source(), left.isNegative() ? Duration.ZERO : left);
        } catch (ServerException e) {
            if (unprepared.isEmpty()) {
                throw e;
            }
            e.addSuppressed(unprepared.get());
            throw new ServerException(
                    e.kind(),
                    e.getMessage() + " (before that: " + unprepared.get().getMessage() + ")",
                    e);
        }
    }

    /** Cancels the statements in progress on these sessions, which then fail; from any thread. */
    public void cancel() {
        source.ifPresent(SourceServer::cancel);
        besideSource.ifPresent(CutoverServer::cancel);
        targets.values().forEach(TargetServer::cancel);
        barrier.ifPresent(Barrier::cancel);
    }

    /** Ends the sessions on the source, and with them the lock there. */
    public void closeSource() {
        unlocked.ifPresent(SourceServer.Unlocked::close);
        unlocked = Optional.empty();
        besideSource.ifPresent(CutoverServer::close);
        besideSource = Optional.empty();
        source.ifPresent(SourceServer::close);
        source = Optional.empty();
        plan = Optional.empty();
    }

    @Override
    public void close() {
        barrier.ifPresent(Barrier::close);
        barrier = Optional.empty();
        endQuestions();
        forgetTarget();
        closeSource();
    }
}
