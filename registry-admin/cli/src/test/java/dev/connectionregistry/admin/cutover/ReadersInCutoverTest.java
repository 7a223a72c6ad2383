package dev.connectionregistry.admin.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.CutoverRequest;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.Moved;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.journal.JournalHistory;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.FleetWatcher.FleetObserver;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.preflight.FleetChecks;
import dev.connectionregistry.admin.preflight.Preflight;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.settings.Authorship;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LogicalReplication;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.ServerRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A primary and its streaming standby move to another primary and its streaming standby: names orders and orders-ro. */
@Timeout(240)
class ReadersInCutoverTest {
    private static final String SECRET = "hush-hush";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Injector SERVERS = Guice.createInjector(new ServersModule());

    @TempDir
    private Path directory = Path.of("");

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Script script = new Script();
    private final Map<String, Runnable> atSteps = new ConcurrentHashMap<>();
    private final List<RegistryDataSource> services = new ArrayList<>();
    private AdminLogin boss = AdminLogin.SAME;
    private LocalPostgres old;
    private LocalPostgres oldStandby;
    private LocalPostgres fresh;
    private LocalPostgres freshStandby;

    @BeforeEach
    void twoClusters() throws Exception {
        old = LocalPostgres.start(13);
        fresh = LocalPostgres.start(17);
        for (LocalPostgres each : List.of(old, fresh)) {
            each.createLogin("app", SECRET);
            each.createDatabase("orders");
            each.execute("postgres", "CREATE ROLE boss SUPERUSER LOGIN PASSWORD '" + SECRET + "'");
            each.execute(
                    "orders",
                    "CREATE TABLE public.counter (id integer PRIMARY KEY, n bigint)",
                    "GRANT ALL ON public.counter TO app");
        }
        old.execute("orders", "INSERT INTO public.counter VALUES (1, 0)");
        LogicalReplication.start(old, fresh, "orders").awaitInitialCopy(Duration.ofSeconds(30));
        oldStandby = old.startStandby();
        freshStandby = fresh.startStandby();
        oldStandby.awaitReplayOf(old, PATIENCE);
        put("orders", old, ServerRole.PRIMARY);
        put("orders-ro", oldStandby, ServerRole.ANY);
        boss = new AdminLogin(Optional.of("boss"), Optional.of(password()));
    }

    @AfterEach
    void stop() {
        services.forEach(RegistryDataSource::close);
        freshStandby.close();
        oldStandby.close();
        fresh.close();
        old.close();
    }

    private void put(String name, LocalPostgres server, ServerRole role) throws IOException {
        registry.put(
                name,
                ConnectionSettings.of(endpoint(server), "app", password())
                        .withRole(role)
                        .withPolling(Polling.every(Duration.ofMillis(300))));
        services.add(RegistryDataSource.builder()
                .registry(registry)
                .database(name)
                .service("checkout")
                .instance(name)
                .build());
    }

    private SecretRef password() throws IOException {
        return SecretRef.parse("file:" + Files.writeString(directory.resolve("password"), SECRET));
    }

    private static Endpoint endpoint(LocalPostgres server) {
        return new Endpoint(server.host(), server.port(), "orders");
    }

    /** What was committed through the primary's name before the switch is what the reader sees after it, or more. */
    @Test
    void aReaderNeverSeesAfterTheSwitchWhatIsOlderThanTheSwitch() throws Exception {
        script.on("HOLD", () -> await("the reader's instance listens on the target's primary")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> one(fresh, """
                        SELECT count(*)
                        FROM pg_stat_activity
                        WHERE application_name = '%s'
                        """.formatted(nameOfWhoHears())).equals("1")));
        script.on("HOLD written", () -> replay(freshStandby, "pause"));
        atSteps.put("compare the two servers", () -> replay(freshStandby, "resume"));
        CutoverResult result;
        try (Load load = new Load()) {
            load.awaitSomeOn(old, oldStandby);
            result = cutover(freshStandby, 20);
            load.awaitSomeOn(fresh, freshStandby);
            load.end();
            load.assertNothingOlderThanTheSwitchWasRead();
        }
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(result.steps())
                .filteredOn(each -> each.step() == Step.VERIFY)
                .singleElement()
                .satisfies(each -> assertThat(each.evidence())
                        .contains("'orders-ro': " + endpoint(freshStandby) + " has replayed"));
        assertOn(fresh, freshStandby);
    }

    @Test
    void aNewStandbyThatLagsUndoesTheRunAndIsNamed() {
        script.on("HOLD written", () -> replay(freshStandby, "pause"));
        CutoverResult result = cutover(freshStandby, 20);
        assertUndone(
                result,
                endpoint(freshStandby) + ", the target of 'orders-ro', has replayed 0/",
                "of the target within");
    }

    @Test
    void aNewStandbyThatIsPromotedInTheHoldUndoesTheRun() {
        script.on("HOLD written", freshStandby::promote);
        CutoverResult result = cutover(freshStandby, 20);
        assertUndone(result, endpoint(freshStandby) + " is not in recovery and not the target");
    }

    @Test
    void aStandbyOfAnotherClusterIsRefusedBeforeAnythingIsWritten() {
        try (LocalPostgres another = old.startStandby()) {
            CutoverResult result = cutover(another, 5);
            assertThat(result.outcome()).isEqualTo(RunOutcome.REFUSED);
            assertThat(result.state().cause())
                    .contains("'orders-ro': " + endpoint(another) + " belongs to a different cluster from the target");
        }
        assertOn(old, oldStandby);
    }

    @Test
    void aTargetThatFailsOverBetweenItsComparisonAndTheSwitchUndoesTheRun() {
        atSteps.put("make the slot for the way back", () -> {
            fresh.kill();
            freshStandby.promote();
        });
        assertUndone(cutover(freshStandby, 20), "");
    }

    private void assertUndone(CutoverResult result, String... causes) {
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains(causes);
        assertOn(old, oldStandby);
    }

    private void assertOn(LocalPostgres primary, LocalPostgres reader) {
        Map.of("orders", primary, "orders-ro", reader).forEach((name, server) -> {
            var current = registry.read(new DatabaseName(name)).current().orElseThrow();
            assertThat(current.settings().endpoint()).isEqualTo(endpoint(server));
            assertThat(current.transition()).isEmpty();
        });
        boolean fenced = primary.equals(fresh);
        assertThat(one(old, "SHOW default_transaction_read_only")).isEqualTo(fenced ? "on" : "off");
    }

    private String nameOfWhoHears() {
        return Announcement.nameOfWhoHears(registry.read(new DatabaseName("orders-ro"))
                .current()
                .orElseThrow()
                .transition()
                .orElseThrow()
                .id());
    }

    private CutoverResult cutover(LocalPostgres readerGoesTo, int budgetSeconds) {
        RunTimes times = new RunTimes(
                Duration.ofSeconds(budgetSeconds),
                Duration.ofSeconds(2),
                Duration.ofMillis(100),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30));
        RunOptions options = new RunOptions(RepeatedOptions.NONE, times, true, boss, boss);
        CutoverRequest request = new CutoverRequest(
                List.of(moved("orders-ro", readerGoesTo), moved("orders", fresh)),
                false,
                "",
                Optional.empty(),
                Set.of(),
                options);
        return cutovers().start(request, new Observer());
    }

    private static Moved moved(String name, LocalPostgres server) {
        return new Moved(new DatabaseName(name), settings -> settings.withEndpoint(endpoint(server)));
    }

    private Cutovers cutovers() {
        ScriptedRegistry scripted = new ScriptedRegistry(registry, script);
        SystemTiming timing = new SystemTiming();
        FleetWatcher watcher = new FleetWatcher(scripted, timing);
        FleetChecks fleet = new FleetChecks(watcher, new JournalHistory(registry), new OtherNames(registry, watcher));
        return new Cutovers(
                scripted,
                scripted,
                SERVERS.getInstance(CutoverServers.class),
                timing,
                new Authorship(() -> "alice", Clock.systemUTC()),
                new CommandText(() -> "registry-admin"),
                new Preflight(SERVERS.getInstance(ServerChecks.class), fleet, timing));
    }

    /** Does what a test wants to happen when a step begins. */
    private final class Observer implements CutoverObserver {
        @Override
        public void begun(String title) {
            atSteps.getOrDefault(title, () -> {}).run();
        }

        @Override
        public void ended(String title, StepRecord step) {}

        @Override
        public void warning(String text) {}

        @Override
        public void fleet(FleetSnapshot fleet, FleetObserver.WaitStatus wait) {}
    }

    private static void replay(LocalPostgres standby, String what) {
        try {
            standby.execute("postgres", "SELECT pg_wal_replay_" + what + "()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String one(LocalPostgres server, String sql) {
        try (Connection connection = server.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One service counts through the primary's name, another reads the number through the reader's. */
    private final class Load implements AutoCloseable {
        private static final String COUNT = "UPDATE public.counter SET n = n + 1 RETURNING inet_server_port(), n";
        private static final String READ = "SELECT inet_server_port(), n FROM public.counter";

        private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
        private final List<Seen> committed = new CopyOnWriteArrayList<>();
        private final List<Seen> read = new CopyOnWriteArrayList<>();
        private final List<Future<?>> running = new ArrayList<>();

        Load() {
            running.add(repeated(() -> once(services.get(0), COUNT, committed)));
            running.add(repeated(() -> once(services.get(1), READ, read)));
        }

        private record Seen(int port, long number) {}

        /** Until it fails. */
        private Future<?> repeated(Runnable statement) {
            return threads.scheduleWithFixedDelay(statement, 0, 1, TimeUnit.MILLISECONDS);
        }

        private void once(RegistryDataSource service, String sql, List<Seen> seen) {
            try (Connection connection = service.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                seen.add(new Seen(row.getInt(1), row.getLong(2)));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        void awaitSomeOn(LocalPostgres primary, LocalPostgres reader) {
            await().atMost(PATIENCE).until(() -> hasFailed() || (isOn(committed, primary) && isOn(read, reader)));
        }

        private boolean isOn(List<Seen> seen, LocalPostgres server) {
            return seen.stream().anyMatch(each -> each.port() == server.port());
        }

        private boolean hasFailed() {
            return running.stream().anyMatch(Future::isDone);
        }

        void assertNothingOlderThanTheSwitchWasRead() {
            long atSwitch = committed.stream()
                    .filter(each -> each.port() == old.port())
                    .mapToLong(Seen::number)
                    .max()
                    .orElseThrow();
            assertThat(read)
                    .filteredOn(each -> each.port() == freshStandby.port())
                    .isNotEmpty()
                    .allMatch(each -> each.number() >= atSwitch);
        }

        /** Neither service has seen an error. */
        void end() throws Exception {
            threads.shutdown();
            assertThat(threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            for (Future<?> each : running) {
                if (!each.isCancelled()) {
                    each.get();
                }
            }
        }

        @Override
        public void close() {
            threads.shutdown();
        }
    }
}
