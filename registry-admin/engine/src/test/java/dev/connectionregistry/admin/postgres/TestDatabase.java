package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.postgres.PostgresServers;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.WritingFunction;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.settings.Endpoint;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database on a shared server, with the roles of a cutover: an owner who can't log in, the run's role with the grants that the
 * package asks for and no others, and the services' role. Names need quotes on purpose. The servers end with the JVM.
 */
public final class TestDatabase {
    public static final Duration BOUND = Duration.ofSeconds(10);
    /** Part of every password; must be in no message. */
    public static final String SECRET = "hush-hush";

    private static final Map<Integer, LocalPostgres> SERVERS = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    public final LocalPostgres server;
    public final String name;
    public final String owner;
    public final String admin;
    public final String service;

    private TestDatabase(LocalPostgres server, String name) {
        this.server = server;
        this.name = name;
        this.owner = name + " owner";
        this.admin = name + " Admin";
        this.service = name + " \"Service\"";
    }

    public static LocalPostgres server(int major) {
        return SERVERS.computeIfAbsent(major, each -> LocalPostgres.builder(each)
                .setting("max_prepared_transactions", "10")
                .start());
    }

    public static TestDatabase on(int major) throws SQLException {
        return named(major, "Orders " + NUMBER.incrementAndGet());
    }

    /** One that needs no quotes, for connection strings. */
    public static String plainName() {
        return "orders_" + NUMBER.incrementAndGet();
    }

    public static TestDatabase named(int major, String name) throws SQLException {
        TestDatabase database = new TestDatabase(server(major), name);
        database.create();
        return database;
    }

    private void create() throws SQLException {
        server.execute("postgres", "CREATE ROLE " + q(owner));
        server.createLogin(admin, SECRET + admin);
        server.createLogin(service, SECRET + service);
        server.execute(
                "postgres",
                "GRANT " + q(owner) + ", pg_signal_backend, pg_read_all_stats TO " + q(admin),
                "CREATE DATABASE " + q(name) + " OWNER " + q(owner));
        execute(
                "GRANT ALL ON SCHEMA public TO " + q(service),
                "CREATE TABLE public.orders (id bigserial PRIMARY KEY, what text)",
                "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + q(service) + ", " + q(owner),
                "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO " + q(service) + ", " + q(owner));
        if (server.major() < 16) { // what the fence asks for where the run's role is no superuser
            execute(WritingFunction.revoke(List.of("PUBLIC")));
        }
    }

    public static String q(String name) {
        return Sql.identifier(name);
    }

    public Endpoint endpoint() {
        return new Endpoint(server.host(), server.port(), name);
    }

    public Login login(String role) {
        return new Login(endpoint(), role, () -> new Secret(SECRET + role), Map.of());
    }

    public Login superuser() {
        return new Login(endpoint(), server.superuser(), () -> new Secret(server.password()), Map.of());
    }

    public static Login superuser(LocalPostgres server, String name) {
        return new Login(
                new Endpoint(server.host(), server.port(), name),
                server.superuser(),
                () -> new Secret(server.password()),
                Map.of());
    }

    public SourceServer open(String runId) throws ServerException {
        return PostgresServers.source(login(admin), login(service), runId).open(false, BOUND);
    }

    public SourceServer takeOver(String runId) throws ServerException {
        return PostgresServers.source(login(admin), login(service), runId).open(true, BOUND);
    }

    /** As superuser. */
    public void execute(String... statements) throws SQLException {
        server.execute(name, statements);
    }

    public Connection connect(String role) throws SQLException {
        return server.connect(name, role, SECRET + role);
    }

    /** As superuser; the first column as text. */
    public List<String> query(String sql) throws SQLException {
        try (Connection connection = server.connect(name)) {
            return query(connection, sql);
        }
    }

    public static List<String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                result.add(String.valueOf(rows.getString(1)));
            }
            return result;
        }
    }

    public static void write(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO public.orders (what) VALUES ('tea')");
        }
    }
}
