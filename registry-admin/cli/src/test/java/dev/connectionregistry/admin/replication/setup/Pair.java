package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.inject.Guice;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.replication.FailureReasons;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One database on two servers that are shared by all tests, and the program that is run on them. Names need quotes on purpose. The
 * servers end with the JVM; the caller closes this, which leaves no subscription and no slot.
 */
final class Pair implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Map<Integer, LocalPostgres> SERVERS = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final LocalPostgres source;
    final LocalPostgres target;
    final String name = "Orders \"" + NUMBER.incrementAndGet() + "\" né";
    final String database = "orders-" + NUMBER.get();
    final InMemoryRegistry registry = new InMemoryRegistry();
    private final Terminalless program =
            new Terminalless(registry, Guice.createInjector(new ServersModule()).getInstance(CutoverServers.class));
    /** The same, with preflight's checks of the servers, which take their time. */
    private final Terminalless checking = new Terminalless(
            registry,
            Guice.createInjector(new ServersModule()).getInstance(CutoverServers.class),
            Guice.createInjector(new ServersModule()).getInstance(ServerChecks.class));

    private final Path directory;

    private Pair(int sourceMajor, int targetMajor, Path directory) throws SQLException {
        this.source = server(sourceMajor);
        this.target = server(targetMajor);
        this.directory = directory;
        for (LocalPostgres each : List.of(source, target)) {
            each.execute("postgres", "CREATE DATABASE " + q(name));
        }
        registry.put(database, settings(source));
    }

    static Pair of(int sourceMajor, int targetMajor, Path directory) throws SQLException {
        return new Pair(sourceMajor, targetMajor, directory);
    }

    static LocalPostgres server(int major) {
        return SERVERS.computeIfAbsent(major, each -> LocalPostgres.builder(each)
                .setting("max_replication_slots", "60")
                .setting("max_wal_senders", "60")
                .setting("max_worker_processes", "60")
                .setting("max_logical_replication_workers", "40")
                .setting("log_statement", "all")
                .start());
    }

    /** What finds out why a copy fails. */
    static FailureReasons.Opener reasons() {
        return Guice.createInjector(new ServersModule()).getInstance(FailureReasons.Opener.class);
    }

    /** The settings with which services would use {@code server}. */
    ConnectionSettings settings(LocalPostgres server) {
        return ConnectionSettings.of(endpoint(server), server.superuser(), SecretRef.parse("file:" + password(server)));
    }

    /** Runs a replication command on the present and the other server. */
    Run replication(String command, LocalPostgres source, LocalPostgres target, String... options) {
        return run(
                List.of("replication", command, database, "--target", "" + endpoint(target)), source, target, options);
    }

    /** Moves the services, of which there are none, from the one to the other. */
    Run cutover(LocalPostgres source, LocalPostgres target, String... options) {
        return run(cutoverWords(target), source, target, options);
    }

    /** The outcome of one of preflight's checks, and what it says. */
    String look(String check) throws ServerException {
        ServerChecks checks = Guice.createInjector(new ServersModule()).getInstance(ServerChecks.class);
        About about = checks.all().stream()
                .filter(each -> each.name().equals(check))
                .findFirst()
                .orElseThrow();
        try (ServerChecks.Looking looking = checks.begin(
                new Subject(servers(), Set.of(), Set.of(), 1, Subject.OtherFleets.NONE, Duration.ofMinutes(1)))) {
            Finding finding = looking.look(about, PATIENCE);
            return finding.outcome() + " " + finding.message();
        }
    }

    /** Runs preflight on the present and the other server. */
    Run preflight(String... options) {
        return run(
                checking, List.of("preflight", database, "--target", "" + endpoint(target)), source, target, options);
    }

    /** Moves the services from the source to the target, after every check that preflight makes. */
    Run checkedCutover(String... options) {
        return run(checking, cutoverWords(target), source, target, options);
    }

    private List<String> cutoverWords(LocalPostgres target) {
        return List.of(
                "cutover", database, "--to", "" + endpoint(target), "--password-ref", "file:" + password(target));
    }

    /** What the registry knows of the last cutover. */
    Run cutoverStatus() {
        return program.run("cutover", "status", database);
    }

    private Run run(List<String> words, LocalPostgres source, LocalPostgres target, String... options) {
        return run(program, words, source, target, options);
    }

    private Run run(
            Terminalless how, List<String> words, LocalPostgres source, LocalPostgres target, String... options) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(
                "--admin-username",
                source.superuser(),
                "--admin-password-ref",
                "file:" + password(source),
                "--target-admin-username",
                target.superuser(),
                "--target-admin-password-ref",
                "file:" + password(target)));
        all.addAll(List.of(options));
        return how.run(all.toArray(String[]::new));
    }

    Run plan(String... options) {
        List<String> all = new ArrayList<>(List.of("--file", file().toString(), "--force"));
        all.addAll(List.of(options));
        return replication("plan", source, target, all.toArray(String[]::new));
    }

    Run start(String... options) {
        List<String> all = new ArrayList<>(List.of("--plan", file().toString()));
        all.addAll(List.of(options));
        return replication("start", source, target, all.toArray(String[]::new));
    }

    static Run requireDone(Run run) {
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        return run;
    }

    Path file() {
        return directory.resolve("plan.yaml");
    }

    Path password(LocalPostgres server) {
        try {
            return Files.writeString(directory.resolve("password-" + server.major()), server.password());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    Endpoint endpoint(LocalPostgres server) {
        return new Endpoint(server.host(), server.port(), name);
    }

    static String q(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    void both(String... statements) throws SQLException {
        source.execute(name, statements);
        target.execute(name, statements);
    }

    List<String> strings(LocalPostgres server, String sql) throws SQLException {
        try (Connection connection = server.connect(name);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                result.add(String.valueOf(rows.getString(1)));
            }
            return result;
        }
    }

    /** The two servers as the use cases take them. */
    ServerPair servers() {
        return new ServerPair(
                new DatabaseName(database),
                1,
                settings(source),
                settings(target),
                ServerLogin.of(settings(source)),
                ServerLogin.of(settings(target)));
    }

    /** A table's rows as text, in order. */
    List<String> rows(LocalPostgres server, String table) throws SQLException {
        return strings(server, "SELECT t::text FROM " + table + " AS t ORDER BY 1");
    }

    private String digest(LocalPostgres server, String table) throws SQLException {
        return strings(server, """
                SELECT count(*) || ' rows, ' || md5(string_agg(t::text, ',' ORDER BY t::text COLLATE "C"))
                FROM %s AS t
                """.formatted(table)).get(0);
    }

    /** Waits until both have the same rows in {@code table}. */
    void awaitEqual(String table) {
        await("that " + table + " is equal")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(digest(target, table)).isEqualTo(digest(source, table)));
    }

    /** What of replication there is on {@code server}, of this database. */
    List<String> left(LocalPostgres server) throws SQLException {
        List<String> left = strings(server, "SELECT 'publication ' || pubname FROM pg_publication");
        left.addAll(strings(server, """
                SELECT 'subscription ' || subname
                FROM pg_subscription
                WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                """));
        left.addAll(strings(
                server, "SELECT 'slot ' || slot_name FROM pg_replication_slots WHERE database = current_database()"));
        return left;
    }

    /** Slots that stayed would hold back those of other tests on the same servers. */
    @Override
    public void close() {
        if (replication("stop", source, target, "--yes").code() != 0) {
            replication("stop", target, source, "--yes"); // after a cutover the services are on the other one
        }
    }
}
