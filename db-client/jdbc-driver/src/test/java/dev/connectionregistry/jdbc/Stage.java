package dev.connectionregistry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Main;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.LocalPostgres;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** A table, two servers with a database of one name, and the operators' program. The caller owns it and must close it. */
final class Stage implements AutoCloseable {
    static final String DATABASE = "orders";
    static final String ROLE = "app";

    private final String password = UUID.randomUUID().toString();
    private final Path directory;
    private final Map<String, String> propertiesBefore = new HashMap<>();
    private final LocalDynamoDb dynamo;
    final LocalPostgres first;
    final LocalPostgres second;
    private LocalPostgres current;

    /** Starts all, with the settings on the first server. */
    Stage(Path directory) throws SQLException {
        this.directory = directory;
        dynamo = LocalDynamoDb.start();
        first = LocalPostgres.start(13);
        second = LocalPostgres.start(18);
        current = first;
        property("aws.accessKeyId", dynamo.accessKeyId());
        property("aws.secretAccessKey", dynamo.secretAccessKey());
        for (LocalPostgres each : List.of(first, second)) {
            each.createLogin(ROLE, password);
            each.createDatabase(DATABASE);
            each.execute(
                    DATABASE,
                    "CREATE TABLE public.orders (id text PRIMARY KEY, who text)",
                    "GRANT ALL ON public.orders TO " + ROLE,
                    "GRANT CREATE ON SCHEMA public TO " + ROLE);
        }
        require(0, "init");
        require(
                0,
                "add",
                DATABASE,
                "--endpoint",
                endpoint(first),
                "--username",
                ROLE,
                "--password-ref",
                "file:" + file(ROLE, password),
                "--poll-interval",
                "100ms");
    }

    private void property(String name, String value) {
        propertiesBefore.put(name, System.getProperty(name));
        System.setProperty(name, value);
    }

    private Path file(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes another role on both servers. */
    void login(String role) throws SQLException {
        first.createLogin(role, password);
        second.createLogin(role, password);
    }

    /** Where the password of a role is. */
    String passwordRef(String role) {
        return "file:" + file(role, password);
    }

    static String endpoint(LocalPostgres server) {
        return server.host() + ":" + server.port() + "/" + DATABASE;
    }

    /** A URL of the driver for this table. */
    String url(String service, String more) {
        return "jdbc:registry:" + DATABASE + "?service=" + service + "&region=" + dynamo.region() + "&endpointUrl="
                + URLEncoder.encode(dynamo.endpoint().toString(), StandardCharsets.UTF_8) + more;
    }

    /** The Postgres driver's URL of a server, with the role and its password. */
    String plainUrl(LocalPostgres server) {
        return "jdbc:postgresql://" + endpoint(server) + "?user=" + ROLE + "&password=" + password;
    }

    /** Moves to a server, and waits until every instance is there. */
    void move(LocalPostgres to) {
        if (to == current) {
            return;
        }
        current = to;
        require(0, "set-endpoint", DATABASE, endpoint(to), "--wait", "--timeout", "60s");
    }

    /** Moves to the first server by this name of its host, such as {@code localhost}: another pool, with the same rows. */
    void moveToFirstAs(String host) {
        require(0, "set-endpoint", DATABASE, host + ":" + first.port() + "/" + DATABASE, "--wait", "--timeout", "60s");
    }

    /** A cutover to the second server with these options; returns what it said. */
    String cutOver(int code, String... options) {
        List<String> words = new ArrayList<>(List.of("cutover", DATABASE, "--to", endpoint(second)));
        words.addAll(List.of("--admin-username", first.superuser(), "--admin-password-ref"));
        words.add("file:" + file("first", first.password()));
        words.addAll(List.of("--target-admin-username", second.superuser(), "--target-admin-password-ref"));
        words.add("file:" + file("second", second.password()));
        words.addAll(List.of(options));
        return require(code, words.toArray(String[]::new));
    }

    /** Runs the operators' program, which must end with this exit code; returns what it said. */
    String require(int code, String... words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>(List.of(
                "--region", dynamo.region(), "--endpoint-url", dynamo.endpoint().toString()));
        all.addAll(List.of(words));
        int ended = new Main(
                        new ByteArrayInputStream(new byte[0]),
                        out,
                        out,
                        Terminal.NONE,
                        Map.of("REGISTRY_CHANGED_BY", "tester@here"),
                        new SystemTiming())
                .run(all.toArray(String[]::new));
        String text = said.toString(StandardCharsets.UTF_8);
        assertThat(ended).as(text).isEqualTo(code);
        return text;
    }

    /** The keys of the rows on a server. */
    static Set<String> rows(LocalPostgres server) throws SQLException {
        Set<String> rows = new TreeSet<>();
        try (Connection connection = server.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet all = statement.executeQuery("SELECT id FROM public.orders")) {
            while (all.next()) {
                rows.add(all.getString(1));
            }
        }
        return rows;
    }

    /** How many sessions of a service a server has. */
    static int sessions(LocalPostgres server, String service) throws SQLException {
        try (Connection connection = server.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '" + service + "/%'")) {
            count.next();
            return count.getInt(1);
        }
    }

    @Override
    public void close() {
        second.close();
        first.close();
        dynamo.close();
        propertiesBefore.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }
}
