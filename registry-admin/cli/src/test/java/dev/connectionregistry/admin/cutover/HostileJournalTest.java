package dev.connectionregistry.admin.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FencePlan.Grant;
import dev.connectionregistry.admin.cutover.fence.FencePlan.Rights;
import dev.connectionregistry.admin.cutover.fence.FencePlan.RoleDefault;
import dev.connectionregistry.admin.cutover.fence.FencePlanCodec;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LogicalReplication;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody who can write the journal and the lock, and nothing else, wants the operator's machine to execute a command or to send
 * a secret: the commands run on real servers, beside one that the attacker listens on.
 */
@Timeout(120)
class HostileJournalTest {
    private static final String SECRET = "hush-hush";
    private static final Injector SERVERS = Guice.createInjector(new ServersModule());

    private static final String CONFIGURATION = """
            SELECT 'role ' || rolname || ' ' || rolsuper FROM pg_roles
            UNION ALL SELECT 'setting ' || s.setdatabase || ' ' || s.setrole || ' ' || s.setconfig::text FROM pg_db_role_setting s
            UNION ALL SELECT 'database ' || datname || ' ' || coalesce(datacl::text, 'NULL') || ' '
                || coalesce(shobj_description(oid, 'pg_database'), 'NULL') FROM pg_database
            UNION ALL SELECT 'function ' || oid || ' ' || coalesce(proacl::text, 'NULL') FROM pg_proc WHERE proname ~ '^lo'
            ORDER BY 1
            """;

    private static LocalPostgres source;
    private static LocalPostgres target;

    @TempDir
    private Path directory = Path.of("");

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Terminalless program = new Terminalless(registry, SERVERS.getInstance(CutoverServers.class));
    private LoginTrap trap;

    @BeforeAll
    static void twoServersThatReplicate() throws SQLException {
        source = LocalPostgres.start(13);
        target = LocalPostgres.start(17);
        for (LocalPostgres each : List.of(source, target)) {
            each.createLogin("app", SECRET);
            each.createDatabase("orders");
            each.execute(
                    "orders",
                    "CREATE TABLE public.orders (id bigserial PRIMARY KEY, who text)",
                    "GRANT ALL ON public.orders, public.orders_id_seq TO app");
        }
        LogicalReplication.start(source, target, "orders").awaitInitialCopy(Duration.ofSeconds(30));
    }

    @AfterAll
    static void stop() {
        target.close();
        source.close();
    }

    @BeforeEach
    void ordersOnTheSource() throws IOException {
        trap = LoginTrap.open();
        registry.put("orders", settings());
    }

    @AfterEach
    void closeTrap() throws IOException {
        trap.close();
    }

    private ConnectionSettings settings() throws IOException {
        return ConnectionSettings.of(endpoint(source), "app", SecretRef.parse("file:" + secret("app", SECRET)));
    }

    @Test
    void aForgedCommandIsNeverExecutedOnResume() throws IOException {
        Path marker = directory.resolve("marker");
        String command = "touch " + marker;
        leaveOpen(journal -> option(
                journal,
                "barrier",
                Map.of("kind", "COMMAND", "side", "OLD", "text", command, "digest", BarrierChoice.digestOf(command))));

        Run run = asAdmin("cutover resume orders --to " + endpoint(target));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("was started with --caught-up-command", "cutover abort orders");
        assertThat(run.out() + run.err()).doesNotContain(marker.toString());
        assertThat(marker).doesNotExist();
        Run another = asAdmin(
                "cutover resume orders --to " + endpoint(target) + " --accept-unproven-barrier --caught-up-command",
                "touch " + marker + "2");
        assertThat(another.code()).isEqualTo(1);
        assertThat(directory.resolve("marker2")).doesNotExist();
        assertThat(registry.history(Stage.ORDERS, 9)).as("nothing was written").hasSize(1);
    }

    @Test
    void theSameCommandGivenAgainIsExecuted() throws IOException {
        Path marker = directory.resolve("marker");
        String command = "touch " + marker;
        leaveOpen(journal -> option(
                journal,
                "barrier",
                Map.of("kind", "COMMAND", "side", "OLD", "digest", BarrierChoice.digestOf(command))));
        Run run = asAdmin(
                "cutover resume orders --to " + endpoint(target) + " --accept-unproven-barrier --caught-up-command",
                command);
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        assertThat(marker).exists();
        lower();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cutover status orders",
                "cutover status orders ADMIN",
                "cutover abort orders",
                "cutover abort orders ADMIN",
                "cutover resume orders",
                "cutover resume orders ADMIN"
            })
    void nobodyLogsInToAServerThatOnlyTheJournalHas(String line) throws IOException {
        Map<String, Object> forged = SettingsCodec.toDocument(ConnectionSettings.of(
                trap.endpoint("orders"),
                "app",
                SecretRef.parse("file:" + secret("credentials", "aws_secret_access_key"))));
        leaveOpen(journal -> {
            hold();
            journal.put("old", forged);
            journal.put("target", forged);
            journal.put("fence", FencePlanCodec.toDocument(FakeServers.PLAN));
        });
        Run run = line.endsWith(" ADMIN") ? asAdmin(line.replace(" ADMIN", "")) : program.run(line.split(" ", -1));
        assertThat(trap.connections()).as(run.out() + run.err()).isZero();
        if (line.contains("status")) {
            assertThat(run.code()).isZero();
            assertThat(run.out()).contains("lock: held by cutover c-1");
        } else {
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains("neither the settings of 'orders' nor their history");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cutover status orders", "cutover abort orders", "cutover resume orders"})
    void statementsOfAForgedFenceAreNeverExecuted(String line) throws Exception {
        Path marker = directory.resolve("marker");
        List<String> statements = List.of(
                "CREATE ROLE evil SUPERUSER LOGIN PASSWORD 'x'", "COPY (SELECT 1) TO PROGRAM 'touch " + marker + "'");
        leaveOpen(journal -> {
            hold();
            journal.put(
                    "fence",
                    Map.of("kind", "READ_ONLY", "exemptRoles", List.of(), "up", statements, "down", statements));
        });
        Run run = asAdmin(line);
        assertThat(run.out() + run.err()).contains("never executed", "A fence of an earlier release");
        assertThat(run.code()).isEqualTo(line.contains("status") ? 0 : 1);
        assertThat(marker).doesNotExist();
        assertThat(asSuperuser("SELECT rolname FROM pg_roles WHERE rolname = 'evil'"))
                .isEmpty();
    }

    @Test
    void aForgedPlanOfAFenceChangesNothing() throws Exception {
        List<String> before = asSuperuser(CONFIGURATION);
        leaveOpen(journal -> {
            hold();
            journal.put("fence", hostilePlan());
        });
        Run run = asAdmin("cutover abort orders");
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        assertThat(asSuperuser(CONFIGURATION)).isEqualTo(before);
    }

    @Test
    void aFenceThatIsUpGoesDownByItsRecordAndNotByAForgedPlan() throws Exception {
        List<String> before = asSuperuser(CONFIGURATION);
        ServerLogin admin = new ServerLogin(
                endpoint(source),
                source.superuser(),
                SecretRef.parse("file:" + secret("source", source.password())),
                Map.of());
        try (SourceServer server = SERVERS.getInstance(CutoverServers.class)
                .source(admin, ServerLogin.of(settings()), "c-1")
                .open(false, Duration.ofSeconds(10))) {
            server.plan(FenceKind.NO_LOGIN, Set.of(), Duration.ofSeconds(10));
            server.raise(Duration.ofSeconds(10));
        }
        assertThat(asSuperuser(CONFIGURATION)).isNotEqualTo(before);
        leaveOpen(journal -> {
            hold();
            journal.put("fence", hostilePlan());
        });
        Run run = asAdmin("cutover abort orders");
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        assertThat(asSuperuser(CONFIGURATION)).isEqualTo(before);
    }

    /** All of it is well formed, and would give rights away that nobody had. */
    private static Map<String, Object> hostilePlan() {
        String name = "x\"; CREATE ROLE evil SUPERUSER; --";
        return FencePlanCodec.toDocument(new FencePlan(
                FenceKind.NO_LOGIN,
                "orders",
                Set.of("app", name),
                Optional.of("on"),
                List.of(new RoleDefault("pg_monitor", Optional.of("off"))),
                List.of(new RoleDefault(name, Optional.of("on"))),
                Optional.of(new Rights(true, List.of(new Grant(Optional.of("app"), true)), List.of(name))),
                List.of()));
    }

    private static List<String> asSuperuser(String sql) throws SQLException {
        try (Connection connection = source.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    /** A reference of the journal's for a server that is known: it leads to nothing either. */
    @ParameterizedTest
    @ValueSource(strings = {"cutover status orders", "cutover abort orders", "cutover resume orders"})
    void nobodyLogsInWithAReferenceThatOnlyTheJournalHas(String line) throws IOException {
        registry.put(
                "orders",
                ConnectionSettings.of(
                        trap.endpoint("orders"), "app", SecretRef.parse("file:" + secret("app", SECRET))));
        leaveOpen(journal -> option(
                journal,
                "oldAdmin",
                Map.of("username", "boss", "passwordRef", "file:" + directory.resolve("credentials"))));
        secret("credentials", "aws_secret_access_key");
        Run run = program.run(line.split(" ", -1));
        assertThat(trap.passwords()).as(run.out() + run.err()).isEmpty();
        assertThat(trap.connections()).isZero();
        assertThat(run.out() + run.err())
                .doesNotContain(directory.resolve("credentials").toString());
    }

    /** A run that somebody left open, with a journal as {@code forgery} made it. */
    private void leaveOpen(Consumer<Map<String, Object>> forgery) throws IOException {
        ConnectionSettings old = registry.read(Stage.ORDERS) instanceof ReadResult.Found found
                ? found.settings().settings()
                : settings();
        RunSpec spec = new RunSpec(
                "c-1",
                Stage.ORDERS,
                false,
                "alice",
                Instant.EPOCH,
                "",
                registry.history(Stage.ORDERS, 1).get(0).version(),
                old,
                old.withEndpoint(endpoint(target)),
                Stage.options());
        CutoverLock lock = new CutoverLock(Stage.ORDERS, 1, "c-1", true, "t", "alice", Instant.EPOCH);
        registry.writeLock(lock);
        Map<String, Object> journal = new LinkedHashMap<>(RunRecordCodec.toDocument(RunRecord.of(spec)));
        forgery.accept(journal);
        registry.writeJournal(lock, journal);
    }

    /** With it everybody who takes over wants a session on the source. */
    private void hold() {
        VersionedSettings current = registry.history(Stage.ORDERS, 1).get(0);
        ConnectionSettings other = current.settings().withEndpoint(endpoint(target));
        registry.write(current.nextIn(
                new Transition("c-1", Transition.Phase.HOLD, other, Duration.ofSeconds(5)), current.change()));
    }

    @SuppressWarnings("unchecked")
    private static void option(Map<String, Object> journal, String name, Object value) {
        Map<String, Object> options = new LinkedHashMap<>((Map<String, Object>) journal.get("options"));
        options.put(name, value);
        journal.put("options", options);
    }

    private Run asAdmin(String line, String... last) throws IOException {
        List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
        words.addAll(List.of(last));
        words.addAll(List.of("--admin-username", source.superuser()));
        words.addAll(List.of("--admin-password-ref", "file:" + secret("source", source.password())));
        if (!line.contains("status")) {
            words.addAll(List.of("--target-admin-username", target.superuser()));
            words.addAll(List.of("--target-admin-password-ref", "file:" + secret("target", target.password())));
        }
        return program.run(words.toArray(String[]::new));
    }

    private static void lower() {
        try {
            source.execute(
                    "orders",
                    "SET default_transaction_read_only = off",
                    "ALTER DATABASE orders RESET default_transaction_read_only",
                    "COMMENT ON DATABASE orders IS NULL");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Path secret(String name, String value) throws IOException {
        return Files.writeString(directory.resolve(name), value);
    }

    private static Endpoint endpoint(LocalPostgres server) {
        return new Endpoint(server.host(), server.port(), "orders");
    }
}
