package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.server.AdminBounds;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.WritingFunction;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A database on each of two shared servers, alike, with an owner who can't log in, the run's role with the grants that the
 * reference asks for and no others, and the services' role. Names need quotes on purpose. The servers end with the JVM.
 */
public final class TestPair implements AutoCloseable {
    public static final String TABLE = "public.\"Orders of \"\"today\"\"\"";
    static final int SOURCE = 11;
    static final int TARGET = 17;
    private static final Map<String, LocalPostgres> SERVERS = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    public final LocalPostgres source;
    public final LocalPostgres target;
    public final String name = "Shop " + NUMBER.incrementAndGet();
    final String owner = name + " owner";
    public final String admin = name + " \"Admin\"";
    public final String service = name + " 'Service'";
    /** Where the settings say that the services' password is; nobody looks there. */
    String reference = "env:NONE";

    private final List<Connection> open = new ArrayList<>();
    private final PostgresChecks checks = new PostgresChecks(this::login);
    private boolean toItself;
    Duration longTransaction = Duration.ofMinutes(1);
    int fleetConnections = 10;
    Subject.OtherFleets otherFleets = Subject.OtherFleets.NONE;
    String secret = "hush-hush";
    boolean servicePasswordMissing;
    /** Whether the source is the second host of the target's endpoint. */
    boolean mixedClusters;
    /** Whether nobody is named who works on the servers. */
    boolean asTheService;

    private TestPair(LocalPostgres source, LocalPostgres target, String targetOptions) throws SQLException {
        this.source = source;
        this.target = target;
        create(source, "");
        create(target, targetOptions);
        source.execute("postgres", "ALTER ROLE " + q(admin) + " REPLICATION");
        if (target.major() >= 16) {
            target.execute("postgres", "GRANT pg_create_subscription TO " + q(admin));
        }
    }

    public static TestPair plain() throws SQLException {
        return new TestPair(server(SOURCE), server(TARGET), "");
    }

    static TestPair between(int from, int to) throws SQLException {
        return new TestPair(server(from), server(to), "");
    }

    /** On servers that the caller starts and closes. */
    static TestPair on(LocalPostgres source, LocalPostgres target) throws SQLException {
        return new TestPair(source, target, "");
    }

    static TestPair withTarget(String databaseOptions) throws SQLException {
        return new TestPair(server(SOURCE), server(TARGET), databaseOptions);
    }

    static TestPair fromPoor() throws SQLException {
        return new TestPair(poor(), server(TARGET), "");
    }

    static TestPair toPoor() throws SQLException {
        return new TestPair(server(TARGET), poor(), "");
    }

    static TestPair replicating() throws SQLException {
        return plain().replicate();
    }

    private static LocalPostgres server(int major) {
        return SERVERS.computeIfAbsent("" + major, each -> LocalPostgres.builder(major)
                .setting("max_prepared_transactions", "10")
                .start());
    }

    /** A server that was set up by somebody who didn't think of replication. */
    private static LocalPostgres poor() {
        return SERVERS.computeIfAbsent("poor", each -> LocalPostgres.builder(TARGET)
                .setting("wal_level", "replica")
                .setting("max_wal_senders", "0")
                .setting("max_replication_slots", "0")
                .setting("max_logical_replication_workers", "0")
                .setting("shared_preload_libraries", "pg_stat_statements")
                .setting("statement_timeout", "7s")
                .setting("autovacuum", "off")
                .start());
    }

    private void create(LocalPostgres server, String options) throws SQLException {
        server.execute("postgres", "CREATE ROLE " + q(owner));
        server.createLogin(admin, "hush-hush");
        server.createLogin(service, "hush-hush");
        server.execute(
                "postgres",
                "GRANT " + q(owner) + ", pg_signal_backend, pg_monitor TO " + q(admin),
                "CREATE DATABASE " + q(name) + " OWNER " + q(owner) + " " + options);
        server.execute(
                name,
                "GRANT SELECT ON pg_catalog.pg_file_settings TO " + q(admin),
                "GRANT EXECUTE ON FUNCTION pg_catalog.pg_show_all_file_settings() TO " + q(admin),
                "GRANT CREATE ON SCHEMA public TO " + q(owner),
                "SET ROLE " + q(owner),
                "CREATE TABLE " + TABLE + " (id serial PRIMARY KEY, what text)",
                "CREATE TABLE public.days (day date, n bigint, PRIMARY KEY (day, n)) PARTITION BY RANGE (day)",
                "CREATE TABLE public.days_2026 PARTITION OF public.days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                "CREATE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * n'",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + q(service),
                "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO " + q(service),
                "RESET ROLE",
                "GRANT CREATE ON SCHEMA public TO " + q(service));
        if (server.major() < 16) { // what the fence asks for where the run's role is no superuser
            server.execute(name, WritingFunction.revoke(List.of("PUBLIC")));
        }
    }

    /** Replicates every table there is, and waits until each follows. */
    public TestPair replicate() throws SQLException {
        source("INSERT INTO " + TABLE + " (what) SELECT repeat('x', 200) FROM generate_series(1, 1000)");
        source("CREATE PUBLICATION " + q(name) + " FOR TABLE " + TABLE + ", public.days_2026");
        String connection = source.connectionString("postgres").replace("dbname=postgres", "dbname='" + name + "'");
        target("""
                CREATE SUBSCRIPTION %1$s
                CONNECTION %2$s
                PUBLICATION %1$s
                WITH (slot_name = '%3$s')
                """.formatted(q(name), Sql.literal(connection), slot()));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> text("SELECT bool_and(srsubstate = 'r') FROM pg_subscription_rel")
                        .equals("t"));
        target("ANALYZE");
        return this;
    }

    String slot() {
        return name.toLowerCase(java.util.Locale.ROOT).replace(' ', '_');
    }

    public static String q(String name) {
        return Sql.identifier(name);
    }

    /** As superuser on the source, whatever fence there is. */
    public void source(String... statements) throws SQLException {
        execute(source, statements);
    }

    /** As superuser on the target, whatever fence there is. */
    public void target(String... statements) throws SQLException {
        execute(target, statements);
    }

    public void both(String... statements) throws SQLException {
        source(statements);
        target(statements);
    }

    private void execute(LocalPostgres server, String... statements) throws SQLException {
        try (Connection connection = server.connect(name);
                Statement statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** On the target. */
    String text(String sql) throws SQLException {
        try (Connection connection = target.connect(name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /** With the source for a target. */
    TestPair toItself() {
        toItself = true;
        return this;
    }

    /** A session of the superuser on the source that stays until the pair is closed. */
    Statement superuserSession() throws SQLException {
        Connection connection = source.connect(name);
        open.add(connection);
        return connection.createStatement();
    }

    /** A session of the services' role on the source that stays until the pair is closed. */
    Statement session() throws SQLException {
        Connection connection = source.connect(name, service, "hush-hush");
        open.add(connection);
        return connection.createStatement();
    }

    /** A replication session of the database on the source that could execute SQL and stays until the pair is closed. */
    void replicationSession(String application) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", source.superuser());
        properties.setProperty("password", source.password());
        properties.setProperty("ApplicationName", application);
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "10");
        open.add(DriverManager.getConnection(
                "jdbc:postgresql://" + source.host() + ":" + source.port() + "/" + name.replace(" ", "%20"),
                properties));
    }

    public ServerPair pair() {
        ConnectionSettings sourceSettings = settings(source);
        ConnectionSettings one = settings(toItself ? source : target);
        ConnectionSettings targetSettings = mixedClusters
                ? one.withEndpoint(new Endpoint(
                        List.of(
                                one.endpoint().hosts().get(0),
                                sourceSettings.endpoint().hosts().get(0)),
                        name))
                : one;
        return new ServerPair(
                new DatabaseName("shop"),
                1,
                sourceSettings,
                targetSettings,
                new ServerLogin(sourceSettings.endpoint(), worker(), SecretRef.parse("env:NONE"), Map.of()),
                new ServerLogin(targetSettings.endpoint(), worker(), SecretRef.parse("env:NONE"), Map.of()));
    }

    private String worker() {
        return asTheService ? service : admin;
    }

    private ConnectionSettings settings(LocalPostgres server) {
        return ConnectionSettings.of(
                new Endpoint(server.host(), server.port(), name), service, SecretRef.parse(reference));
    }

    public Login login(ServerLogin login) {
        if (servicePasswordMissing && login.username().equals(service)) {
            return Login.of(
                    login.endpoint(),
                    service,
                    SecretRef.parse("x-vault:shop"),
                    login.properties(),
                    new SecretResolvers(List.of()),
                    new AdminBounds(Map.of()).guard());
        }
        return new Login(login.endpoint(), login.username(), () -> new Secret(secret), login.properties());
    }

    /** Makes these checks; one that can't be made is what preflight makes of it. */
    Map<String, Finding> look(Set<String> names) {
        Map<String, Finding> found = new ConcurrentHashMap<>();
        try (ServerChecks.Looking looking = begin()) {
            checks.all().stream()
                    .map(About::name)
                    .filter(names::contains)
                    .forEach(each -> found.put(each, look(looking, each)));
        }
        return found;
    }

    ServerChecks.Looking begin() {
        return checks.begin(new Subject(
                pair(),
                Set.of("checkout/1"),
                Set.of("checkout/1", "billing/1"),
                fleetConnections,
                otherFleets,
                longTransaction));
    }

    Finding look(ServerChecks.Looking looking, String which) {
        return look(looking, which, Duration.ofSeconds(10));
    }

    Finding look(ServerChecks.Looking looking, String which, Duration bound) {
        About about = checks.all().stream()
                .filter(each -> each.name().equals(which))
                .findFirst()
                .orElseThrow();
        try {
            return looking.look(about, bound);
        } catch (ServerException e) {
            return Finding.unknown(String.valueOf(e.getMessage()));
        }
    }

    Finding look(String which) {
        try (ServerChecks.Looking looking = begin()) {
            return look(looking, which);
        }
    }

    /** Does what the finding says, as it says it. */
    void paste(Finding finding) throws SQLException {
        for (Remedy remedy : finding.remedies()) {
            if (remedy.place() == Remedy.Place.SOURCE) {
                source(remedy.text());
            } else if (remedy.place() == Remedy.Place.TARGET) {
                target(remedy.text());
            }
        }
    }

    /** Ends sessions, and takes away what the server can have only so many of. */
    @Override
    public void close() throws SQLException {
        for (Connection each : open) {
            each.close();
        }
        both("ALTER ROLE " + q(admin) + " RESET ALL", "ALTER ROLE " + q(service) + " RESET ALL");
        if (!text("""
                SELECT count(*)
                FROM pg_subscription s
                JOIN pg_database d ON d.oid = s.subdbid
                WHERE d.datname = current_database()
                """).equals("0")) {
            target("DROP SUBSCRIPTION " + q(name));
        }
    }
}
