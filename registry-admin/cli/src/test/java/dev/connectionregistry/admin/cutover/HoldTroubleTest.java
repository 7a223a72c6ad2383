package dev.connectionregistry.admin.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LogicalReplication;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What another session does on one of the servers during a cutover: it has a lock that a step of the hold waits for, or it is a
 * migration. Through the command, on real servers.
 */
@Timeout(180)
class HoldTroubleTest {
    private static final String SECRET = "hush-hush";
    private static final Injector SERVERS = Guice.createInjector(new ServersModule());
    /** From the stop to the end of the command, with all that is undone meanwhile. */
    private static final Duration STOP = Duration.ofSeconds(5);
    /** What a budget of two seconds may take, with the checks before it and the way back. */
    private static final Duration SHORT_BUDGET = Duration.ofSeconds(20);
    /** The patience of the way back, and one last try. */
    private static final Duration WAY_BACK = Duration.ofSeconds(45);

    /** A lock, and what makes a step wait for it. */
    private enum Block {
        FENCE(true, "COMMENT ON DATABASE orders IS 'another''s'", "SELECT 1"),
        BARRIER(false, "LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE", "INSERT INTO public.orders (n) VALUES (1)"),
        SEQUENCES(false, "ALTER SEQUENCE public.orders_id_seq CACHE 1", "SELECT nextval('public.orders_id_seq')"),
        VERIFY(false, "LOCK TABLE public.quiet IN ACCESS EXCLUSIVE MODE", "SELECT 1");

        private final boolean locksSource;
        private final String lock;
        private final String written;

        Block(boolean locksSource, String lock, String written) {
            this.locksSource = locksSource;
            this.lock = lock;
            this.written = written;
        }
    }

    /** A statement, the one that takes it back, and how the run names it. */
    private enum Migration {
        COLUMN(
                "ALTER TABLE public.orders ADD note text",
                "ALTER TABLE public.orders DROP note",
                "column public.orders 3 note text"),
        TABLE(
                "CREATE TABLE public.lines (id bigint PRIMARY KEY)",
                "DROP TABLE public.lines",
                "relation public.lines rp"),
        INDEX(
                "CREATE INDEX by_n ON public.orders (n)",
                "DROP INDEX public.by_n",
                "index CREATE INDEX by_n ON public.orders");

        private final String done;
        private final String undone;
        private final String named;

        Migration(String done, String undone, String named) {
            this.done = done;
            this.undone = undone;
            this.named = named;
        }
    }

    private static final String HISTORY_ROW = """
            INSERT INTO public.flyway_schema_history
            SELECT coalesce(max(installed_rank), 0) + 1, true
            FROM public.flyway_schema_history
            """;

    @TempDir
    private Path directory = Path.of("");

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Script script = new Script();
    private final SystemTiming timing = new SystemTiming();
    private String admins = "";
    private LocalPostgres old;
    private LocalPostgres fresh;

    @BeforeEach
    void twoServersThatReplicate() throws Exception {
        old = LocalPostgres.start(13);
        fresh = LocalPostgres.start(17);
        for (LocalPostgres each : List.of(old, fresh)) {
            each.createLogin("app", SECRET);
            each.createDatabase("orders");
            each.execute(
                    "orders",
                    "CREATE TABLE public.orders (id bigserial PRIMARY KEY, n bigint)",
                    "CREATE TABLE public.quiet (id bigint PRIMARY KEY)",
                    "CREATE TABLE public.flyway_schema_history (installed_rank integer PRIMARY KEY, success boolean)",
                    "GRANT ALL ON public.orders, public.orders_id_seq, public.quiet TO app");
        }
        LogicalReplication.start(old, fresh, "orders").awaitInitialCopy(Duration.ofSeconds(30));
        registry.put(
                "orders",
                ConnectionSettings.of(endpoint(old), "app", SecretRef.parse("file:" + password("app", SECRET))));
        admins = " --admin-username " + old.superuser() + " --admin-password-ref file:"
                + password("old", old.password()) + " --target-admin-username " + fresh.superuser()
                + " --target-admin-password-ref file:" + password("fresh", fresh.password());
    }

    @AfterEach
    void stop() {
        fresh.close();
        old.close();
    }

    @ParameterizedTest
    @EnumSource
    void aStopEndsTheStepThatWaitsAndUndoesTheRest(Block block) throws Exception {
        try (Connection blocker = blocker(block)) {
            script.on("HOLD", () -> raise(blocker, block));
            CompletableFuture<Run> run = begin("60s");
            awaitWaiting(block);
            long stopped = System.nanoTime();
            timing.stop();
            Run ended = run.get(60, TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(STOP);
            assertThat(ended.code()).as(ended.err()).isEqualTo(5);
            assertThat(ended.err()).contains("stopped: ", "stopped by the operator");
            blocker.rollback();
        }
        assertThat(fence()).isEqualTo("off, no comment");
        assertAgainAndMoved();
    }

    private void assertAgainAndMoved() {
        Run again = new Terminalless(registry, servers(), SERVERS.getInstance(ServerChecks.class)).run(words("5s"));
        assertThat(again.code()).as(again.err()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aStepWaitsNoLongerThanTheHoldBudgetAndNamesWhoHasTheLock(Block block) throws Exception {
        try (Connection blocker = blocker(block)) {
            script.on("HOLD", () -> raise(blocker, block));
            long begun = System.nanoTime();
            Run ended = begin("2s").get(120, TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT_BUDGET);
            assertThat(ended.code()).as(ended.err()).isEqualTo(5);
            assertThat(ended.err()).contains("pid " + pid(blocker));
            blocker.rollback();
        }
        assertThat(fence()).isEqualTo("off, no comment");
    }

    @Test
    void aWayBackThatALockBlocksEndsInItsPatienceAndIsFinishedByAnAbort() throws Exception {
        try (Connection blocker = blocker(Block.BARRIER);
                Connection inTheWay = old.connect("postgres")) {
            script.on("HOLD", () -> raise(blocker, Block.BARRIER));
            CompletableFuture<Run> run = begin("60s");
            awaitWaiting(Block.BARRIER);
            inTheWay.setAutoCommit(false);
            execute(inTheWay, "COMMENT ON DATABASE orders IS 'another''s'");
            long stopped = System.nanoTime();
            timing.stop();
            Run ended = run.get(120, TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(WAY_BACK);
            assertThat(ended.code()).as(ended.err()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("pid " + pid(inTheWay) + " (", " holds SHARE UPDATE EXCLUSIVE on database orders")
                    .contains("cutover abort orders");
            inTheWay.rollback();
            blocker.rollback();
        }
        Run aborted = new Terminalless(registry, servers(), SERVERS.getInstance(ServerChecks.class))
                .run(("cutover abort orders" + admins).split(" ", -1));
        assertThat(aborted.err() + aborted.out()).contains("undone");
        assertThat(fence()).isEqualTo("off, no comment");
    }

    /** Before the hold, where no caller waits for it, and in the hold, after the last look before it. */
    @ParameterizedTest
    @ValueSource(strings = {"PREPARE written", "HOLD"})
    void aMigrationOnTheSourceAfterPrepareUndoesTheRunAndIsNamed(String moment) throws Exception {
        for (Migration migration : Migration.values()) {
            script.clear();
            script.on(moment, () -> migrate(old, migration.done, HISTORY_ROW));
            Run run = begin("10s").get(120, TimeUnit.SECONDS);
            assertThat(run.code()).as(run.err()).isEqualTo(5);
            assertThat(run.err())
                    .contains("the schema has changed since the check", "only on the source: " + migration.named)
                    .contains("run no migration, and begin again");
            assertThat(script.events().contains("HOLD")).isEqualTo(moment.equals("HOLD"));
            assertThat(fence()).isEqualTo("off, no comment");
            migrate(old, migration.undone);
        }
        assertAgainAndMoved();
        assertThat(one(fresh, "SELECT count(*) FROM public.flyway_schema_history"))
                .isEqualTo(String.valueOf(Migration.values().length));
    }

    /** Both have the table then, but no subscription has it: its rows would stay behind. */
    @Test
    void aMigrationOnBothServersAfterPrepareUndoesTheRunSinceNobodyCheckedThatItIsReplicated() throws Exception {
        script.on("PREPARE written", () -> {
            migrate(fresh, Migration.TABLE.done);
            migrate(old, Migration.TABLE.done, "INSERT INTO public.lines VALUES (1)");
        });
        Run run = begin("10s").get(120, TimeUnit.SECONDS);
        assertThat(run.code()).as(run.err()).isEqualTo(5);
        assertThat(run.err())
                .contains("the schema has changed on both servers since the check", "new: " + Migration.TABLE.named);
        assertThat(one(old, "SELECT count(*) FROM public.lines")).isEqualTo("1");
        script.clear();
        Run again = begin("10s").get(120, TimeUnit.SECONDS);
        assertThat(again.code()).as(again.err()).isEqualTo(1);
        assertThat(again.err()).contains("public.lines");
    }

    private static void migrate(LocalPostgres server, String... statements) {
        try {
            server.execute("orders", statements);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection blocker(Block block) throws SQLException {
        Connection blocker = (block.locksSource ? old : fresh).connect("orders");
        blocker.setAutoCommit(false);
        return blocker;
    }

    private void raise(Connection blocker, Block block) {
        try {
            execute(blocker, block.lock);
            old.execute("orders", block.written);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitWaiting(Block block) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !one(
                                block.locksSource ? old : fresh,
                                "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype <> 'virtualxid'")
                        .equals("0"));
        if (block == Block.BARRIER) {
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> fence().startsWith("on"));
        }
    }

    private CompletableFuture<Run> begin(String budget) {
        Terminalless program = new Terminalless(
                        new ScriptedRegistry(registry, script), servers(), SERVERS.getInstance(ServerChecks.class))
                .timing(timing);
        return CompletableFuture.supplyAsync(() -> program.run(words(budget)));
    }

    private static CutoverServers servers() {
        return SERVERS.getInstance(CutoverServers.class);
    }

    private String[] words(String budget) {
        return ("cutover orders --to " + endpoint(fresh) + admins + " --verify-table public.quiet --hold-budget "
                        + budget)
                .split(" ", -1);
    }

    private Path password(String name, String value) throws IOException {
        return Files.writeString(directory.resolve(name), value);
    }

    private static Endpoint endpoint(LocalPostgres server) {
        return new Endpoint(server.host(), server.port(), "orders");
    }

    private String fence() throws SQLException {
        return one(old, """
                SELECT current_setting('default_transaction_read_only') || ', '
                  || coalesce(shobj_description(oid, 'pg_database'), 'no comment')
                FROM pg_database
                WHERE datname = current_database()
                """);
    }

    private static int pid(Connection connection) throws SQLException {
        return connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
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
