package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.ReaderServer;
import dev.connectionregistry.admin.cutover.ReaderServer.State;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.run.RunServers.QuestionName;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A name of the run that reads from standbys: its sessions on all hosts of its source and target, which only ask. Owns
 * and closes them. For one thread, except {@link #cancel}.
 */
public final class ReaderRun implements AutoCloseable {
    private static final QuestionName<String> REPLAY = new QuestionName<>("cutover-replay", String.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

    private final GroupMember member;
    private final ServerLogin source;
    private final ServerLogin target;
    private final CutoverServers servers;
    private final String runId;
    private final Map<Endpoint, ReaderServer> sessions = new ConcurrentHashMap<>();
    private final SideCalls beside = new SideCalls();

    private ReaderRun(CutoverServers servers, RunSpec spec, GroupMember member) {
        this.member = member;
        this.source = spec.sourceAdmin(member);
        this.target = spec.targetAdmin(member);
        this.servers = servers;
        this.runId = spec.id();
    }

    /** The readers of the standbys of {@code database}, whose names these are. */
    static List<ReaderRun> all(CutoverServers servers, RunSpec spec, List<GroupMember> database) {
        return spec.readersOf(database).stream()
                .map(each -> new ReaderRun(servers, spec, each))
                .toList();
    }

    public GroupMember member() {
        return member;
    }

    /**
     * Verifies that each host that the name leaves is {@code primary} or a standby of it; any other server would have
     * to be fenced as well. A host that doesn't answer serves nobody, but one of them must.
     *
     * @return what there is
     * @throws ServerException {@code NOT_SO} naming the host that is something else
     */
    public List<State> requireSource(PostgresIdentity primary, Duration bound) throws ServerException {
        List<State> seen = new ArrayList<>();
        Optional<ServerException> silent = Optional.empty();
        for (Endpoint host : source.endpoint().each()) {
            try {
                seen.add(required("the source", primary, state(source, host, bound)));
            } catch (ServerException e) {
                if (e.kind() == Kind.NOT_SO) {
                    throw e;
                }
                silent = Optional.of(silent.orElse(e));
            }
        }
        if (seen.isEmpty() && silent.isPresent()) {
            throw silent.get();
        }
        return seen;
    }

    /**
     * Verifies that each host that the name goes to is {@code primary} or a standby of it. All must answer: one that
     * comes back later could be behind.
     *
     * @return what there is
     * @throws ServerException {@code NOT_SO} naming the host that is something else
     */
    public List<State> requireTarget(PostgresIdentity primary, Duration bound) throws ServerException {
        List<State> seen = new ArrayList<>();
        for (Endpoint host : target.endpoint().each()) {
            seen.add(required("the target", primary, state(target, host, bound)));
        }
        return seen;
    }

    private State required(String which, PostgresIdentity primary, State state) throws ServerException {
        Optional<String> difference = state.difference(which, primary);
        if (difference.isPresent()) {
            throw new ServerException(Kind.NOT_SO, difference.get(), null);
        }
        return state;
    }

    /**
     * Begins to wait, beside the caller's thread, until each host that the name goes to is still {@code primary} or a standby of it and has
     * replayed {@code position}; {@link #awaitReplay} has the result.
     */
    public void beginReplay(PostgresIdentity primary, String position, Duration bound) {
        AtomicBoolean over = new AtomicBoolean();
        Runnable giveUp = () -> {
            over.set(true);
            cancel();
        };
        beside.begin(
                REPLAY,
                new SideCalls.Session(this, giveUp, this::closeSessions),
                () -> replayed(primary, position, bound, over));
    }

    /**
     * Waits for the result, a little longer than {@code bound}, which is also the bound of the wait for replay.
     *
     * @return what was seen, for the journal
     * @throws ServerException naming the server, the position wanted and the one reached
     */
    public String awaitReplay(Duration bound) throws ServerException, StepFailure, InterruptedException {
        return beside.take(REPLAY, bound)
                .orElseThrow(() -> StepFailure.failed("the target of '" + member.name() + "' was not asked"));
    }

    private String replayed(PostgresIdentity primary, String position, Duration bound, AtomicBoolean over)
            throws ServerException {
        long end = System.nanoTime() + bound.toNanos();
        for (Endpoint host : target.endpoint().each()) {
            State now = required("the target", primary, state(target, host, left(end)));
            while (now.behind(position) > 0) {
                if (over.get() || System.nanoTime() >= end) {
                    throw new ServerException(Kind.TIMED_OUT, late(now, position, bound), null);
                }
                pause(now, position, bound);
                now = required("the target", primary, state(target, host, left(end)));
            }
        }
        return "'" + member.name() + "': " + target.endpoint() + " has replayed " + position;
    }

    private String late(State now, String position, Duration bound) {
        return now.server() + ", the target of '" + member.name() + "', has replayed " + now.position() + " and not "
                + position + " of the target within " + bound.toMillis()
                + " ms; its callers would read data from before the switch";
    }

    private void pause(State now, String position, Duration bound) throws ServerException {
        try {
            TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException(Kind.TIMED_OUT, "interrupted: " + late(now, position, bound), e);
        }
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(Duration.ofMillis(1).toNanos(), end - System.nanoTime()));
    }

    /** Logs in if there is no session, and once more if it turns out to be gone, such as after a restart. */
    private State state(ServerLogin login, Endpoint host, Duration bound) throws ServerException {
        boolean known = sessions.containsKey(host);
        try {
            return session(login, host, bound).state(bound);
        } catch (ServerException e) {
            boolean lost = e.kind() == Kind.SESSION_LOST;
            if (lost) {
                forget(host);
            }
            if (lost && known) {
                return session(login, host, bound).state(bound);
            }
            throw lost ? new ServerException(Kind.REFUSED, String.valueOf(e.getMessage()), e) : e;
        }
    }

    private ReaderServer session(ServerLogin login, Endpoint host, Duration bound) throws ServerException {
        ReaderServer present = sessions.get(host);
        if (present != null) {
            return present;
        }
        ServerLogin there = new ServerLogin(host, login.username(), login.password(), login.properties());
        ReaderServer opened = servers.reader(there, runId).open(bound);
        sessions.put(host, opened);
        return opened;
    }

    private void forget(Endpoint host) {
        ReaderServer gone = sessions.remove(host);
        if (gone != null) {
            gone.close();
        }
    }

    /** Cancels the statements in progress, which then fail; from any thread. */
    void cancel() {
        sessions.values().forEach(ReaderServer::cancel);
    }

    /** Ends a wait for replay that still goes on. */
    void endQuestions() {
        beside.end();
    }

    private void closeSessions() {
        List.copyOf(sessions.keySet()).forEach(this::forget);
    }

    @Override
    public void close() {
        endQuestions();
        closeSessions();
    }
}
