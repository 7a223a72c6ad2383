package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.SourceServer.ClientSession;
import dev.connectionregistry.admin.cutover.fence.FenceDown;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FenceProof;
import dev.connectionregistry.admin.cutover.fence.ObservedFence;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.server.TableSize;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Two servers that only remember what was asked of them; a session that was lost stays lost. */
public final class FakeServers implements CutoverServers {
    /** What the fence changes here. */
    public static final FencePlan PLAN = new FencePlan(
            FenceKind.READ_ONLY,
            "orders",
            Set.of(),
            Optional.of("off"),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of());

    private final Script script;
    private final String prefix;
    private Optional<Source> holder = Optional.empty();
    private volatile boolean fenceUp;

    /** What runs on the source. */
    public final List<ClientSession> sessions = new ArrayList<>();
    /** Who logged in. */
    public final List<ServerLogin> logins = new ArrayList<>();
    /** What the coordinator and the instances say to each other. */
    public CoordinatorSignals signals = CoordinatorSignals.NONE;
    /** Which server the source is. */
    public PostgresIdentity sourceIdentity = new PostgresIdentity("1", "orders", 11, "11.22");
    /** The number of the source's database there. */
    public long oid = 16_384;
    /** Which server the target is. */
    public PostgresIdentity targetIdentity = new PostgresIdentity("2", "orders", 17, "17.11");
    /** The source's schema. */
    public String schema = "table orders";
    /** What else there is, by its host; may change while a run goes on. */
    public final Map<String, ReaderServer.State> standbys = new ConcurrentHashMap<>();
    /** The target's schema. */
    public String targetSchema = "table orders";
    /** The rows of every table of the target. */
    public long targetRows = 3;
    /** Whether the source has a connection to spare. */
    public boolean secondSession = true;
    /** How many instances show that heartbeats reach them. */
    public int whoHear;

    /** The rows of the small tables of the source. */
    public final Map<TableName, Long> small = new HashMap<>();
    /** The same of the target. */
    public final Map<TableName, Long> targetSmall = new HashMap<>();

    /** Remembers in {@code script}. */
    public FakeServers(Script script) {
        this(script, "");
    }

    /** The same, with {@code prefix} before every event. */
    public FakeServers(Script script, String prefix) {
        this.script = script;
        this.prefix = prefix;
    }

    /** Whether the source refuses writes. */
    public boolean fenceUp() {
        return fenceUp;
    }

    /** Whether somebody has the source's lock. */
    public boolean locked() {
        return holder.isPresent();
    }

    /** The session that has the lock is gone. */
    public void loseSession() {
        holder.ifPresent(session -> session.lost = true);
        holder = Optional.empty();
    }

    private void happen(String event) throws ServerException {
        try {
            script.event(prefix + event);
        } catch (ServerException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public SourceServer.Opener source(ServerLogin admin, ServerLogin services, String runId) {
        return bound -> {
            logins.add(admin);
            return new Unlocked();
        };
    }

    private final class Unlocked implements SourceServer.Unlocked {
        @Override
        public PostgresIdentity identity() {
            return sourceIdentity;
        }

        @Override
        public long oid() {
            return oid;
        }

        @Override
        public SourceServer lock(boolean takeOver, Duration bound) throws ServerException {
            happen(takeOver ? "take over session" : "open session");
            if (takeOver) {
                loseSession();
            }
            if (holder.isPresent()) {
                throw new ServerException(Kind.REFUSED, "pid 7 has the lock", null);
            }
            Source session = new Source();
            holder = Optional.of(session);
            return session;
        }

        @Override
        public void close() {}
    }

    @Override
    public ObservedFence fence(ServerLogin admin, String runId, Duration bound) throws ServerException {
        logins.add(admin);
        happen("ask for the fence");
        return ObservedFence.unrecorded(fenceUp);
    }

    @Override
    public TargetServer.Opener target(ServerLogin admin, String runId) {
        return bound -> {
            logins.add(admin);
            happen("open new");
            return new Target();
        };
    }

    @Override
    public ReaderServer.Opener reader(ServerLogin admin, String runId) {
        return bound -> {
            logins.add(admin);
            happen("open " + admin.endpoint().host());
            return new Reader(admin.endpoint());
        };
    }

    /** A standby as {@link #standbys} says, or else one of the two servers. */
    private final class Reader implements ReaderServer {
        private final Endpoint server;

        Reader(Endpoint server) {
            this.server = server;
        }

        @Override
        public State state(Duration bound) throws ServerException {
            happen("look at " + server.host());
            if (bound.isZero()) {
                throw new ServerException(ServerException.Kind.TIMED_OUT, "no answer within 0 ms", null);
            }
            PostgresIdentity primary = server.host().equals("db1") ? sourceIdentity : targetIdentity;
            State usual = new State(server, primary, false, "0/1");
            return standbys.getOrDefault(server.host(), usual);
        }

        @Override
        public void close() {}
    }

    @Override
    public Barrier barrier(BarrierChoice choice, ServerLogin sourceAdmin, ServerLogin targetAdmin, String runId) {
        return new Barrier() {
            @Override
            public String describe() {
                return choice.toString();
            }

            @Override
            public void check(Duration bound) throws ServerException {
                happen("barrier check");
            }

            @Override
            public String await(SourceServer source, Duration bound) throws ServerException {
                happen(fenceUp ? "barrier" : "barrier before");
                return "0/1 confirmed";
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public CoordinatorSignals signals(ServerLogin admin, String runId) {
        return signals;
    }

    private static List<TableSize> sizes(Map<TableName, Long> tables) {
        return tables.entrySet().stream()
                .map(each -> new TableSize(each.getKey(), each.getValue(), 8192))
                .toList();
    }

    private final class Source implements SourceServer {
        private volatile boolean lost;

        @Override
        public List<TableSize> tableSizes(Duration bound) {
            return sizes(small);
        }

        @Override
        public Map<TableName, Long> counts(List<TableName> tables, Duration bound) {
            return tables.stream().collect(Collectors.toMap(each -> each, small::get));
        }

        private void act(String event) throws ServerException {
            requireThere();
            happen(event);
            requireThere();
        }

        private void requireThere() throws ServerException {
            if (lost) {
                throw new ServerException(Kind.SESSION_LOST, "the session on the source is gone", null);
            }
        }

        @Override
        public PostgresIdentity identity() {
            return sourceIdentity;
        }

        @Override
        public FencePlan plan(FenceKind kind, Set<String> exemptRoles, Duration bound) throws ServerException {
            act("plan");
            return PLAN;
        }

        @Override
        public void tryServiceLogin(Duration bound) throws ServerException {
            act("service login");
        }

        @Override
        public void dryRunProof(Optional<Set<String>> slots, Duration bound) throws ServerException {
            requireThere();
        }

        @Override
        public void prepareProof() throws ServerException {
            happen("prepare proof");
        }

        @Override
        public Optional<CutoverServer> openBeside(Duration bound) {
            return secondSession ? Optional.of(new Look()) : Optional.empty();
        }

        @Override
        public List<ClientSession> sessions(Set<String> exemptRoles, Duration bound) throws ServerException {
            requireThere();
            return List.copyOf(sessions);
        }

        @Override
        public void endTransactions(List<ClientSession> stragglers, Duration bound) throws ServerException {
            act("end " + stragglers.stream().map(ClientSession::pid).toList());
        }

        @Override
        public void raise(Duration bound) throws ServerException {
            requireThere();
            fenceUp = true;
            act("raise");
        }

        @Override
        public FenceProof prove(Optional<Set<String>> slots, Duration bound) throws ServerException {
            act("prove");
            return new FenceProof() {
                @Override
                public int sessionsEnded() {
                    return 2;
                }

                @Override
                public String refusal(Duration atMost) throws ServerException {
                    happen("refusal");
                    return "25006";
                }
            };
        }

        @Override
        public FenceDown lower(Duration bound) throws ServerException {
            act("lower");
            fenceUp = false;
            return new FenceDown(0, "");
        }

        @Override
        public String walPosition(Duration bound) throws ServerException {
            requireThere();
            return "0/1";
        }

        @Override
        public List<SequenceState> sequences(Duration bound) throws ServerException {
            requireThere();
            return List.of(new SequenceState("public", "orders_id_seq", 3, true));
        }

        @Override
        public List<String> schemaLines(Duration bound) throws ServerException {
            requireThere();
            happen(fenceUp ? "source schema" : "source schema before");
            return List.of(schema);
        }

        @Override
        public long count(String table, Duration bound) throws ServerException {
            requireThere();
            return 3;
        }

        @Override
        public void close() {
            if (holder.filter(this::equals).isPresent()) {
                holder = Optional.empty();
            }
        }
    }

    /** A second session on the source. */
    private final class Look implements CutoverServer {
        @Override
        public PostgresIdentity identity() {
            return sourceIdentity;
        }

        @Override
        public List<String> schemaLines(Duration bound) throws ServerException {
            happen(fenceUp ? "look at the source" : "look at the source before");
            return List.of(schema);
        }

        @Override
        public long count(String table, Duration bound) {
            return 3;
        }

        @Override
        public Map<TableName, Long> counts(List<TableName> tables, Duration bound) {
            return tables.stream().collect(Collectors.toMap(each -> each, small::get));
        }

        @Override
        public void close() {}
    }

    private final class Target implements TargetServer {
        @Override
        public List<TableSize> tableSizes(Duration bound) {
            return sizes(targetSmall);
        }

        @Override
        public Map<TableName, Long> counts(List<TableName> tables, Duration bound) {
            return tables.stream().collect(Collectors.toMap(each -> each, targetSmall::get));
        }

        @Override
        public PostgresIdentity identity() {
            return targetIdentity;
        }

        @Override
        public void requireWritable(Duration bound) throws ServerException {
            happen("writable");
        }

        @Override
        public int sessionsNamed(String applicationName, Duration bound) throws ServerException {
            happen("who hears");
            return whoHear;
        }

        @Override
        public List<String> schemaLines(Duration bound) {
            return List.of(targetSchema);
        }

        @Override
        public String durablePosition(Duration bound) throws ServerException {
            happen(fenceUp ? "position" : "position before");
            return "0/10";
        }

        @Override
        public void requireStill(Duration bound) throws ServerException {
            happen("still there");
        }

        @Override
        public long count(String table, Duration bound) {
            return targetRows;
        }

        @Override
        public void setSequences(List<SequenceState> positions, long margin, Duration bound) throws ServerException {
            happen(fenceUp ? "sequences" : "sequences before");
        }

        @Override
        public void requireReverseSlot(String name, Duration bound) throws ServerException {
            happen("reverse slot before");
        }

        @Override
        public void createReverseSlot(String name, Duration bound) throws ServerException {
            happen("reverse slot");
        }

        @Override
        public void dropReverseSlot(String name, Duration bound) throws ServerException {
            happen("drop reverse slot");
        }

        @Override
        public void cancel() {
            try {
                happen("cancel target");
            } catch (ServerException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {}
    }
}
