package dev.connectionregistry.admin.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.ScriptedRegistry;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.ServerRole;
import dev.connectionregistry.settings.VersionedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server moves as a whole: three names over two Postgres databases, orders and reports on one, billing on the other. The operator
 * types commands without logins, which are in the defaults; services write all the time.
 */
@Tag("history")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerStoryTest {
    private static final String SECRET = "hush-hush";
    private static final Injector SERVERS = Guice.createInjector(new ServersModule());
    private static final Map<String, String> NAMES =
            Map.of("orders", "orders", "reports", "orders", "billing", "billing");

    @TempDir
    private Path directory = Path.of("");

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Script script = new Script();
    private final Terminalless program = new Terminalless(
            new ScriptedRegistry(registry, script),
            SERVERS.getInstance(CutoverServers.class),
            SERVERS.getInstance(ServerChecks.class));
    private final List<RowWriter> writers = new ArrayList<>();
    private LocalPostgres source;
    private LocalPostgres target;

    int sourceMajor() {
        return 11;
    }

    int targetMajor() {
        return 18;
    }

    @BeforeEach
    void aServerWithTwoDatabasesAndThreeNames() throws Exception {
        source = LocalPostgres.start(sourceMajor());
        target = LocalPostgres.start(targetMajor());
        for (LocalPostgres each : List.of(source, target)) {
            each.createLogin("app", SECRET);
            for (String database : List.of("orders", "billing")) {
                each.createDatabase(database);
                each.execute(
                        database,
                        "CREATE TABLE public.rows (id bigserial PRIMARY KEY, row text NOT NULL)",
                        "GRANT ALL ON public.rows, public.rows_id_seq TO app");
            }
        }
        loginsAreDefaultsOf(source, target);
        Path password = file("app", SECRET);
        NAMES.forEach((name, database) -> registry.put(name, settings(source, database, password)));
        for (String lead : List.of("orders", "billing")) {
            Path plan = directory.resolve(lead + ".yaml");
            done("replication plan " + lead + " --target " + address(target) + " --file " + plan);
            done("replication start " + lead + " --target " + address(target) + " --plan " + plan);
        }
        NAMES.keySet().forEach(name -> writers.add(new RowWriter(registry, name)));
        awaitMore();
    }

    void loginsAreDefaultsOf(LocalPostgres... servers) throws IOException {
        StringBuilder defaults = new StringBuilder();
        for (LocalPostgres each : servers) {
            Path password = file("admin" + each.port(), each.password());
            defaults.append("admin-username@%s = %s%n".formatted(address(each), each.superuser()))
                    .append("admin-password-ref@%s = file:%s%n".formatted(address(each), password));
        }
        program.variable(
                "REGISTRY_ADMIN_DEFAULTS", file("defaults", defaults.toString()).toString());
    }

    private static ConnectionSettings settings(LocalPostgres server, String database, Path password) {
        return ConnectionSettings.of(
                        new Endpoint(server.host(), server.port(), database),
                        "app",
                        SecretRef.parse("file:" + password))
                .withPolling(Polling.every(Duration.ofMillis(300)));
    }

    @AfterEach
    void stop() {
        writers.forEach(RowWriter::close);
        target.close();
        source.close();
    }

    @Test
    void movesThereAndBackAndNobodyNotices() throws Exception {
        String replicated = " --server " + address(source) + " --target " + address(target);
        assertThat(done("replication status" + replicated).out())
                .contains(
                        "'billing': " + address(source) + "/billing and ", "'orders': " + address(source) + "/orders");
        done("replication verify" + replicated);
        assertThat(done("preflight" + replicated).out()).doesNotContain("FAIL");
        String move = "cutover --server " + address(source) + " --to " + address(target);
        assertThat(done(move + " --dry-run").out()).contains("these 3 would go together");
        assertOn(source);
        assertThat(done(move + " --rehearse").out()).contains("rehearsed billing from ");
        assertOn(source);

        Run moved = done(move + " --reverse-slot");

        assertOn(target);
        awaitMore();
        for (String name : NAMES.keySet()) {
            assertThat(done("cutover status " + name).out())
                    .contains("moves together: billing, orders, reports", "fence now: up, says " + source.host());
        }
        assertThat(moved.out().lines().filter(line -> line.startsWith("next: registry-admin replication reverse ")))
                .hasSize(2);
        letTheSourceFollow();

        done("cutover reports billing orders --to " + address(source));

        assertOn(source);
        awaitMore();
        done("replication stop" + replicated + " --yes");
        assertNothingLost(source);
    }

    private void letTheSourceFollow() throws SQLException {
        String back = " --server " + address(target) + " --target " + address(source);
        done("replication reverse" + back);
        done("replication status" + back);
        liftFence("orders");
        liftFence("billing");
    }

    /** As the first test, with a name on a standby of the source, which goes to a standby of the target, and comes back. */
    void movesWithAReaderThereAndBack() throws Exception {
        try (LocalPostgres sourceStandby = source.startStandby();
                LocalPostgres targetStandby = target.startStandby()) {
            loginsAreDefaultsOf(source, target, sourceStandby, targetStandby);
            registry.put(
                    "orders-ro",
                    settings(sourceStandby, "orders", file("app", SECRET)).withRole(ServerRole.ANY));
            try (RegistryDataSource reader = RegistryDataSource.builder()
                    .registry(registry)
                    .database("orders-ro")
                    .service("reader")
                    .instance("1")
                    .build()) {
                assertReads(reader, sourceStandby);
                done(cutoverWithReader(target, targetStandby) + " --reverse-slot");
                assertOn(target);
                assertReads(reader, targetStandby);
                awaitMore();
                letTheSourceFollow();

                done(cutoverWithReader(source, sourceStandby));

                assertOn(source);
                assertReads(reader, sourceStandby);
                awaitMore();
                done("replication stop --server " + address(source) + " --target " + address(target) + " --yes");
                assertNothingLost(source);
            }
        }
    }

    private static String cutoverWithReader(LocalPostgres to, LocalPostgres standby) {
        return "cutover orders billing reports orders-ro --to " + address(to) + " --map orders-ro=" + address(standby)
                + "/orders";
    }

    private static void assertReads(RegistryDataSource reader, LocalPostgres from) throws SQLException {
        try (Connection connection = reader.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT inet_server_port(), pg_is_in_recovery()")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(from.port());
            assertThat(row.getBoolean(2)).isTrue();
        }
    }

    /** What is wrong with one database doesn't keep the other from being looked at. */
    @Test
    void replicationOfAServerNamesTheDatabaseForWhichItFails() throws Exception {
        String replicated = " --server " + address(source) + " --target " + address(target);
        execute(target, "billing", subscriptions("DISABLE"));
        Run status = run("replication status" + replicated);
        assertThat(status.code()).isEqualTo(1);
        assertThat(status.err())
                .contains("it failed for 1 of 2 databases: 'billing': replication of billing isn't healthy");
        assertThat(status.out()).contains("'orders': " + address(source) + "/orders");
        Run json = run("replication status" + replicated + " --output json");
        assertThat((List<?>) Json.read(json.out())).hasSize(2);
    }

    @Test
    void aNameWhoseSettingsCannotBeUsedIsNotForgotten() {
        registry.putDocument("ledger", Map.of("version", "nonsense"));
        String server = " --server " + address(source) + " --target " + address(target);
        for (String command : List.of("replication status", "preflight")) {
            Run run = run(command + server + " --output json");
            assertThat(run.err()).contains("'ledger' is left out: its settings can't be used");
            assertThat((List<?>) Json.read(run.out()))
                    .hasSize(3)
                    .last()
                    .asString()
                    .startsWith("{database=ledger, leftOut=its settings can't be used");
        }
        assertThat(run("cutover --server " + address(source) + " --to " + address(target) + " --dry-run")
                        .err())
                .contains("'ledger' is left out: its settings can't be used", "repair ledger --dry-run");
        for (String command : List.of("servers", "list --server ", "status --server ")) {
            Run run = run(command + (command.endsWith(" ") ? address(source) : ""));
            assertThat(run.err())
                    .as(command)
                    .contains("'ledger' is left out: its settings can't be used", "repair ledger --dry-run");
            assertThat(run.out()).as(command).contains("orders").doesNotContain("ledger");
        }
        assertThat(run("set-endpoint orders " + address(target) + " --dry-run").err())
                .contains("unknown whether these names are also on ", "'ledger'");
    }

    @Test
    void aFailureOnOneDatabaseTakesDownBothFencesAndNobodyNotices() throws Exception {
        script.on("HOLD written", () -> execute(target, "billing", subscriptions("DISABLE")));
        Run undone = run("cutover orders reports billing --to " + address(target) + " --hold-budget 3s");
        assertThat(undone.code()).as(undone.out() + undone.err()).isEqualTo(5);
        assertThat(undone.err()).contains("wait until the target has everything", "billing");
        assertThat(undone.err()).contains("is on " + source.host() + ":" + source.port() + "/billing");
        assertOn(source);
        for (String database : List.of("orders", "billing")) {
            assertThat(one(source, database, "SHOW default_transaction_read_only"))
                    .as(database)
                    .isEqualTo("off");
            assertThat(one(source, database, """
                    SELECT coalesce(shobj_description(oid, 'pg_database'), '')
                    FROM pg_database
                    WHERE datname = current_database()
                    """)).isEmpty();
        }
        awaitMore();
        assertNothingLost(source);
    }

    /** All statements that change each subscription of the database. */
    private String subscriptions(String change) {
        return """
                DO $$ DECLARE name text; BEGIN
                  FOR name IN SELECT subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
                      WHERE d.datname = current_database() LOOP
                    EXECUTE format('ALTER SUBSCRIPTION %%I %s', name);
                  END LOOP;
                END $$
                """.formatted(change);
    }

    private static void execute(LocalPostgres server, String database, String sql) {
        try {
            server.execute(database, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitMore() {
        writers.forEach(writer -> writer.awaitMore(20));
    }

    private void assertOn(LocalPostgres server) {
        NAMES.forEach((name, database) -> {
            VersionedSettings current =
                    registry.read(new DatabaseName(name)).current().orElseThrow();
            assertThat(current.settings().endpoint())
                    .as(name)
                    .isEqualTo(new Endpoint(server.host(), server.port(), database));
            assertThat(current.transition()).as(name).isEmpty();
            assertThat(current.settings().polling().isTemporary()).as(name).isFalse();
            assertThat(registry.lock(new DatabaseName(name)).filter(CutoverLock::held))
                    .as(name)
                    .isEmpty();
        });
    }

    private void assertNothingLost(LocalPostgres server) throws SQLException {
        for (RowWriter writer : writers) {
            writer.stop();
            assertThat(writer.failures).as(writer.name).isEmpty();
            try (Connection connection = server.connect(Objects.requireNonNull(NAMES.get(writer.name)));
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT row FROM public.rows WHERE row LIKE '" + writer.name + " %'")) {
                List<String> there = new ArrayList<>();
                while (rows.next()) {
                    there.add(rows.getString(1));
                }
                assertThat(there).containsExactlyInAnyOrderElementsOf(writer.acknowledged);
            }
        }
    }

    /** With the statements that status prints. */
    private void liftFence(String name) throws SQLException {
        String out = done("cutover status " + name + " --output json").out();
        List<?> down = (List<?>) Objects.requireNonNull(((Map<?, ?>) Json.read(out)).get("fenceDown"), out);
        source.execute(
                Objects.requireNonNull(NAMES.get(name)),
                down.stream().map(String::valueOf).toArray(String[]::new));
    }

    private Run done(String line) {
        Run run = run(line);
        assertThat(run.code()).as(line + "\n" + run.out() + run.err()).isZero();
        return run;
    }

    private Run run(String line) {
        Run run = program.run(line.split(" ", -1));
        assertThat(run.out() + run.err()).doesNotContain(SECRET, source.password(), target.password());
        return run;
    }

    private static String address(LocalPostgres server) {
        return server.host() + ":" + server.port();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static String one(LocalPostgres server, String database, String sql) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
