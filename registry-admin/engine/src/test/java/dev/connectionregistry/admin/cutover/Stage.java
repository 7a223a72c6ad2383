package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.ManualTiming;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.CutoverRequest;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.Moved;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.TakeOverRequest;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.TakeOverRequest.Servers;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.journal.JournalHistory;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.FleetWatcher.FleetObserver;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.preflight.FleetChecks;
import dev.connectionregistry.admin.preflight.Preflight;
import dev.connectionregistry.admin.preflight.ScriptedChecks;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.admin.settings.Authorship;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Everything that a run needs, on a manual clock: a registry, two servers, instances, and the coordinator itself. */
public final class Stage {
    /** The database that moves. */
    public static final DatabaseName ORDERS = new DatabaseName("orders");

    public static final ConnectionSettings SOURCE =
            ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:APP_PW"));
    /** An operator who named no server, and can't be asked. */
    public static final Servers NO_SERVERS = new Servers(Optional.empty(), Optional.empty(), Map.of(), text -> false);

    private static final Set<String> UNIMPORTANT = Set.of(
            "read",
            "fleet",
            "list",
            "open new",
            "writable",
            "barrier check",
            "plan",
            "prepare proof",
            "look at the source",
            "look at the source before",
            "service login",
            "barrier before",
            "reverse slot before",
            "sequences before",
            "position before",
            "still there",
            "source schema",
            "source schema before",
            "cancel target",
            "unlock written",
            "lock written");

    /** What happened, and what goes wrong. */
    public final Script script = new Script();
    /** What really stands. */
    public final InMemoryRegistry registry = new InMemoryRegistry();
    /** The clock. */
    public final ManualTiming timing = new ManualTiming();
    /** The two servers. */
    public final FakeServers servers = new FakeServers(script);

    private final Map<String, FakeServers> others = new HashMap<>();
    /** What preflight finds on the servers. */
    public final ScriptedChecks checks = new ScriptedChecks();
    /** What the operator was warned of. */
    public final List<String> warnings = new ArrayList<>();
    /** What comes of telling the operator that a step has begun. */
    public Runnable telling = () -> {};

    /** The options of the latest run. */
    private Optional<RunOptions> begun = Optional.empty();

    private final List<FakeParticipant> fleet = new ArrayList<>();

    /** With database orders on db1 and nobody who uses it. */
    public Stage() {
        registry.put("orders", SOURCE);
        timing.eachPause(() -> fleet.forEach(FakeParticipant::tick));
    }

    /** What coordinators and instances say to each other in runs with {@link #signalled}. */
    public final FakeSignals signals = new FakeSignals(timing);

    /** One more instance. */
    public FakeParticipant instance(String name) {
        FakeParticipant instance = new FakeParticipant(registry, timing, name).tick();
        fleet.add(instance);
        return instance;
    }

    /** A run from db1 to db2 that nobody has begun. */
    public static RunSpec run(String id, RunOptions options) {
        return run(id, "db1", "db2", options);
    }

    public static RunSpec run(String id, String from, String to, RunOptions options) {
        return new RunSpec(
                id,
                ORDERS,
                false,
                "alice",
                Instant.EPOCH,
                "",
                1,
                SOURCE.withEndpoint(Endpoint.parse(from + ":5432/orders")),
                SOURCE.withEndpoint(Endpoint.parse(to + ":5432/orders")),
                options);
    }

    /** One more Postgres database on db1, with this name; its events begin with the name. */
    public FakeServers database(String name, long oid) {
        put(name, name);
        FakeServers made = new FakeServers(script, name + " ");
        made.sourceIdentity = new PostgresIdentity("1", name, 11, "11.22");
        made.targetIdentity = new PostgresIdentity("2", name, 17, "17.11");
        made.oid = oid;
        others.put(name, made);
        return made;
    }

    /** One more name, of a Postgres database on db1. */
    public void put(String name, String postgresDatabase) {
        registry.put(name, SOURCE.withEndpoint(Endpoint.parse("db1:5432/" + postgresDatabase)));
    }

    /** One more instance of another name. */
    public FakeParticipant instance(String database, String name) {
        FakeParticipant instance = new FakeParticipant(registry, timing, new DatabaseName(database), name).tick();
        fleet.add(instance);
        return instance;
    }

    /** A run of these names from db1 to db2. */
    public CutoverResult group(RunOptions options, String... names) {
        begun = Optional.of(options);
        return cutovers("alice").start(groupRequest(options, names), observer());
    }

    /** What is asked for. */
    public static CutoverRequest groupRequest(RunOptions options, String... names) {
        List<Moved> moved = Stream.of(names)
                .map(name -> new Moved(
                        new DatabaseName(name),
                        settings -> settings.withEndpoint(
                                new Endpoint("db2", 5432, settings.endpoint().databaseName()))))
                .toList();
        return new CutoverRequest(moved, false, "upgrade", Optional.empty(), Set.of(), options);
    }

    /** Another operator takes over the run that has the lock of this name. */
    public CutoverResult takeOver(String name, Purpose purpose) {
        return takeOver(new TakeOverRequest(
                new DatabaseName(name),
                Optional.empty(),
                purpose,
                AdminLogin.SAME,
                AdminLogin.SAME,
                RepeatedOptions.NONE,
                Optional.empty(),
                new Servers(Optional.empty(), Optional.empty(), Map.of(), text -> false)));
    }

    /** What stands of a name. */
    public VersionedSettings current(String name) {
        return registry.read(new DatabaseName(name)).current().orElseThrow();
    }

    /** The usual options, without hints. */
    public static RunOptions options() {
        return within(Duration.ofSeconds(5));
    }

    /** One more instance, which acts on signals, and reads and reports only a second later. */
    public FakeParticipant signalledInstance(String name) {
        return instance(name).actingOn(signals);
    }

    /** The usual options, with signals. */
    public RunOptions signalled() {
        servers.signals = signals;
        RunOptions usual = options();
        return new RunOptions(usual.repeated(), usual.times(), true, usual.sourceAdmin(), usual.targetAdmin());
    }

    /** The same with this hold budget. */
    public static RunOptions within(Duration budget) {
        RunTimes times = new RunTimes(
                budget, RunTimes.usualGrace(budget), RunTimes.POLL, RunTimes.PREPARE, Duration.ofSeconds(30));
        return new RunOptions(RepeatedOptions.NONE, times, false, AdminLogin.SAME, AdminLogin.SAME);
    }

    /** The same with a reverse slot and a table to be counted. */
    public static RunOptions options(String reverseSlot, String table) {
        RepeatedOptions repeated = new RepeatedOptions(
                BarrierChoice.FOUND_BY_ITSELF,
                Set.of(),
                Set.of(),
                false,
                7,
                Optional.of(reverseSlot),
                FenceKind.READ_ONLY,
                List.of(table),
                List.of());
        AdminLogin boss = new AdminLogin(Optional.of("boss"), Optional.of(SecretRef.parse("env:BOSS_PW")));
        return options().with(repeated).with(AdminLogin.SAME, boss);
    }

    /** The same with a replicator of which nothing can be proven. */
    public static RunOptions unproven() {
        return options().with(new BarrierChoice(BarrierChoice.Kind.COMMAND, "true", Side.SOURCE));
    }

    /** The same, but transactions that outlast the grace are ended. */
    public static RunOptions cancelling() {
        return options()
                .with(new RepeatedOptions(
                        BarrierChoice.FOUND_BY_ITSELF,
                        Set.of(),
                        Set.of(),
                        true,
                        0,
                        Optional.empty(),
                        FenceKind.READ_ONLY,
                        List.of(),
                        List.of()));
    }

    /** A run from db1 to db2. */
    public CutoverResult cutover() {
        return cutover(options());
    }

    /** A run from db1 to db2 with these options. */
    public CutoverResult cutover(RunOptions options) {
        begun = Optional.of(options);
        return cutovers("alice").start(request(options, false), observer());
    }

    /** A rehearsal. */
    public CutoverResult rehearsal(RunOptions options) {
        begun = Optional.of(options);
        return cutovers("alice").start(request(options, true), observer());
    }

    /** A look at what a run from db1 to db2 would do. */
    public RunRecord dryRun(RunOptions options) {
        return cutovers("alice").dryRun(request(options, false), observer());
    }

    /** What is asked for. */
    public static CutoverRequest request(RunOptions options, boolean rehearsal) {
        UnaryOperator<ConnectionSettings> target = settings -> settings.withEndpoint(Endpoint.parse("db2:5432/orders"));
        return new CutoverRequest(
                List.of(new Moved(ORDERS, target)), rehearsal, "upgrade", Optional.empty(), Set.of(), options);
    }

    /** Somebody else takes the open run over, giving everything again that it was begun with. */
    public CutoverResult takeOver(Purpose purpose) {
        RepeatedOptions again = begun.map(RunOptions::repeated).orElse(RepeatedOptions.NONE);
        AdminLogin admin = begun.map(RunOptions::targetAdmin).orElse(AdminLogin.SAME);
        Servers target = new Servers(Optional.empty(), Optional.of("db2:5432"), Map.of(), text -> false);
        return takeOver(new TakeOverRequest(
                ORDERS,
                Optional.empty(),
                purpose,
                AdminLogin.SAME,
                admin,
                again,
                Optional.empty(),
                purpose == Purpose.RESUME ? target : NO_SERVERS));
    }

    /** Somebody else takes the open run over. */
    public CutoverResult takeOver(TakeOverRequest request) {
        return cutovers("bob").takeOver(request, observer());
    }

    /** What one operator uses. */
    public Cutovers cutovers(String operator) {
        ScriptedRegistry scripted = new ScriptedRegistry(registry, script);
        return new Cutovers(
                scripted,
                scripted,
                new FakeCluster(servers, others),
                timing,
                new Authorship(() -> operator, Clock.systemUTC()),
                new CommandText(() -> "registry-admin"),
                new Preflight(checks, fleetChecks(scripted), timing));
    }

    private FleetChecks fleetChecks(ScriptedRegistry scripted) {
        FleetWatcher watcher = new FleetWatcher(scripted, timing);
        return new FleetChecks(watcher, new JournalHistory(registry), new OtherNames(registry, watcher));
    }

    /** Another coordinator takes the lock, for whatever purpose. */
    public void stealLock() {
        CutoverLock lock = registry.lock(ORDERS).orElseThrow();
        registry.writeLock(new CutoverLock(
                ORDERS, lock.epoch() + 1, lock.runId(), true, UUID.randomUUID().toString(), "mallory", timing.now()));
    }

    /** What stands. */
    public VersionedSettings current() {
        return ((ReadResult.Found) registry.read(ORDERS)).settings();
    }

    /** Where the fleet is. */
    public String host() {
        return current().settings().endpoint().host();
    }

    /** What happened, without what says little. */
    public List<String> events() {
        return script.events().stream()
                .filter(event -> !UNIMPORTANT.contains(event) && !event.endsWith(" written"))
                .toList();
    }

    /** Keeps the warnings. */
    public CutoverObserver observer() {
        return new CutoverObserver() {
            @Override
            public void begun(String title) {
                telling.run();
            }

            @Override
            public void ended(String title, StepRecord step) {}

            @Override
            public void warning(String text) {
                warnings.add(text);
            }

            @Override
            public void fleet(FleetSnapshot snapshot, FleetObserver.WaitStatus wait) {}
        };
    }
}
