package dev.connectionregistry.admin.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LogicalReplication;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Endpoint.Host;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The primary of the source, or of the target, dies in the middle of a run, and its streaming standby is promoted. */
@Timeout(240)
class FailoverInCutoverTest {
    private static final String SECRET = "hush-hush";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Injector SERVERS = Guice.createInjector(new ServersModule());
    private static final String FENCE = """
            SELECT current_setting('default_transaction_read_only') || ', '
              || coalesce(shobj_description(oid, 'pg_database'), 'no comment')
            FROM pg_database WHERE datname = current_database()
            """;

    @TempDir
    private Path directory = Path.of("");

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Script script = new Script();
    private String admins = "";
    private LocalPostgres old;
    /** Through which the source's standby follows. */
    private TcpGate stream;

    private LocalPostgres oldStandby;
    private LocalPostgres fresh;
    private LocalPostgres freshStandby;
    private RegistryDataSource service;

    @BeforeEach
    void twoClusters() throws Exception {
        old = LocalPostgres.start(13);
        fresh = LocalPostgres.start(17);
        for (LocalPostgres each : List.of(old, fresh)) {
            each.createLogin("app", SECRET);
            each.createDatabase("orders");
            each.execute(
                    "orders",
                    "CREATE TABLE public.orders (id bigserial PRIMARY KEY, what text)",
                    "GRANT ALL ON public.orders, public.orders_id_seq TO app");
        }
        LogicalReplication.start(old, fresh, "orders").awaitInitialCopy(Duration.ofSeconds(30));
        stream = TcpGate.to(old.host(), old.port());
        oldStandby = old.startStandby(stream.port());
        freshStandby = fresh.startStandby();
        oldStandby.awaitReplayOf(old, PATIENCE);
        registry.put(
                "orders",
                ConnectionSettings.of(
                                endpoint(old, oldStandby), "app", SecretRef.parse("file:" + password("app", SECRET)))
                        .withPolling(Polling.every(Duration.ofMillis(300))));
        admins = " --admin-username " + old.superuser() + " --admin-password-ref file:"
                + password("old", old.password()) + " --target-admin-username " + fresh.superuser()
                + " --target-admin-password-ref file:" + password("fresh", fresh.password());
        service = RegistryDataSource.builder()
                .registry(registry)
                .database("orders")
                .service("checkout")
                .instance("one")
                .build();
    }

    @AfterEach
    void stop() {
        service.close();
        freshStandby.close();
        oldStandby.close();
        stream.close();
        fresh.close();
        old.close();
    }

    /** The fence is catalog data: the promoted standby has it if that was streamed in time. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSourceThatFailsOverBehindItsFenceIsUndoneOnTheServerThatWasPromoted(boolean fenceIsStreamed)
            throws Exception {
        try (Connection blocker = fresh.connect("orders")) {
            CompletableFuture<Run> run = heldBehindTheFence(blocker, fenceIsStreamed);
            old.kill();
            oldStandby.promote();
            blocker.rollback();
            Run ended = run.get(120, TimeUnit.SECONDS);
            assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(5);
            assertThat(ended.err())
                    .contains("the source is not the one that was checked", "timeline 1,", "timeline 2,");
        }
        assertThatEverythingIsAsBeforeOn(oldStandby);
    }

    /** As long as nobody promotes a standby there is nothing to undo on; then any operator can. */
    @ParameterizedTest
    @ValueSource(strings = {"abort", "resume"})
    void aRunWhoseSourceIsPromotedLateIsUndoneByWhoeverTakesItOver(String command) throws Exception {
        try (Connection blocker = fresh.connect("orders")) {
            CompletableFuture<Run> run = heldBehindTheFence(blocker, true);
            old.kill();
            blocker.rollback();
            Run ended = run.get(120, TimeUnit.SECONDS);
            assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(1);
            assertThat(ended.err()).contains("no host of " + endpoint(old, oldStandby), "is in recovery (a standby)");
        }
        oldStandby.promote();
        assertThat(one(oldStandby, FENCE)).startsWith("on, [connection-registry fence]");

        Run taken = program().run(("cutover " + command + " orders" + admins).split(" ", -1));

        assertThat(taken.out() + taken.err()).contains("undone", "the source is not the one that was checked");
        assertThatEverythingIsAsBeforeOn(oldStandby);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PREPARE written", "HOLD written"})
    void aTargetThatFailsOverBeforeTheSwitchUndoesTheRun(String event) throws Exception {
        script.on(event, () -> {
            fresh.kill();
            freshStandby.promote();
        });
        Run ended = begin("20s").get(120, TimeUnit.SECONDS);
        assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(5);
        assertThatEverythingIsAsBeforeOn(old);
    }

    @Test
    void aClusterMovesToAClusterAndTheServicesFollowTheTargetsFailoverAfterIt() throws Exception {
        write("before");
        Run run = begin("20s").get(120, TimeUnit.SECONDS);
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        write("after");
        freshStandby.awaitReplayOf(fresh, PATIENCE);
        fresh.kill();
        freshStandby.promote();
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> write("failed over"));
        assertThat(one(freshStandby, "SELECT string_agg(what, ', ' ORDER BY id) FROM public.orders"))
                .isEqualTo("before, after, failed over");
    }

    /** A run that waits at its barrier, behind the fence. */
    private CompletableFuture<Run> heldBehindTheFence(Connection blocker, boolean fenceIsStreamed) throws Exception {
        blocker.setAutoCommit(false);
        script.on("HOLD", () -> {
            try (Statement statement = blocker.createStatement()) {
                statement.execute("LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE");
                old.execute("orders", "INSERT INTO public.orders (what) VALUES ('not applied')");
                oldStandby.awaitReplayOf(old, PATIENCE);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            if (!fenceIsStreamed) {
                stream.cut();
            }
        });
        CompletableFuture<Run> run = begin("60s");
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> one(old, FENCE)
                .startsWith("on, [connection-registry fence]"));
        if (fenceIsStreamed) {
            oldStandby.awaitReplayOf(old, PATIENCE);
        }
        assertThat(one(oldStandby, FENCE).startsWith("on")).isEqualTo(fenceIsStreamed);
        return run;
    }

    private void assertThatEverythingIsAsBeforeOn(LocalPostgres source) throws Exception {
        assertThat(one(source, FENCE)).isEqualTo("off, no comment");
        assertThat(registry.read(Stage.ORDERS)).isInstanceOfSatisfying(ReadResult.Found.class, found -> {
            assertThat(found.settings().settings().endpoint()).isEqualTo(endpoint(old, oldStandby));
            assertThat(found.settings().transition()).isEqualTo(Optional.empty());
        });
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> write("served again"));
        assertThat(service.status().state()).isEqualTo(InstanceState.ACTIVE);
        assertThat(one(source, "SELECT count(*) FROM public.orders WHERE what = 'served again'"))
                .isEqualTo("1");
    }

    private void write(String what) throws SQLException {
        try (Connection connection = service.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO public.orders (what) VALUES ('" + what + "')");
        }
    }

    private Terminalless program() {
        return new Terminalless(
                new ScriptedRegistry(registry, script),
                SERVERS.getInstance(CutoverServers.class),
                SERVERS.getInstance(ServerChecks.class));
    }

    private CompletableFuture<Run> begin(String budget) {
        Terminalless program = program();
        String line = "cutover orders --to " + endpoint(fresh, freshStandby) + admins + " --hold-budget " + budget;
        return CompletableFuture.supplyAsync(() -> program.run(line.split(" ", -1)));
    }

    private Path password(String name, String value) throws IOException {
        return Files.writeString(directory.resolve(name), value);
    }

    private static Endpoint endpoint(LocalPostgres first, LocalPostgres second) {
        return new Endpoint(
                List.of(new Host(first.host(), first.port()), new Host(second.host(), second.port())), "orders");
    }

    private static String one(LocalPostgres server, String sql) throws SQLException {
        try (Connection connection = server.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
