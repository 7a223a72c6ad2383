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
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LogicalReplication;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** The command on two real servers of different majors, with real clients under load. */
@Timeout(120)
class RealCutoverTest {
    private static final String SECRET = "hush-hush";

    private static final Injector SERVERS = Guice.createInjector(new ServersModule());

    @TempDir
    private Path directory = Path.of("");

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Script script = new Script();
    private final Terminalless program = new Terminalless(
            new ScriptedRegistry(registry, script),
            SERVERS.getInstance(CutoverServers.class),
            SERVERS.getInstance(ServerChecks.class));
    private LocalPostgres old;
    private LocalPostgres fresh;

    @BeforeEach
    void twoServersThatReplicate() throws SQLException, IOException {
        old = LocalPostgres.start(11);
        fresh = LocalPostgres.start(17);
        for (LocalPostgres each : List.of(old, fresh)) {
            each.createLogin("app", SECRET);
            each.createDatabase("orders");
            each.execute(
                    "orders",
                    "CREATE TABLE public.orders (id bigserial PRIMARY KEY, who text, n bigint)",
                    "GRANT ALL ON public.orders, public.orders_id_seq TO app");
        }
        LogicalReplication.start(old, fresh, "orders").awaitInitialCopy(Duration.ofSeconds(30));
        registry.put(
                "orders",
                ConnectionSettings.of(endpoint(old), "app", SecretRef.parse("file:" + password("app", SECRET)))
                        .withPolling(Polling.every(Duration.ofMillis(300))));
    }

    @AfterEach
    void stop() {
        fresh.close();
        old.close();
    }

    @Test
    void movesRealClientsUnderLoadWithoutLosingARow() throws Exception {
        try (Load one = new Load("one");
                Load two = new Load("two")) {
            one.awaitRows(50);
            two.awaitRows(50);

            Run run = run("--verify-table public.orders");

            assertThat(run.code()).as(run.out() + run.err()).isZero();
            System.out.println(run.out());
            one.awaitRows(one.acknowledged.size() + 50);
            two.awaitRows(two.acknowledged.size() + 50);
            one.stop();
            two.stop();
            Set<String> acknowledged = new TreeSet<>(one.acknowledged);
            acknowledged.addAll(two.acknowledged);
            assertThat(rows(fresh)).containsAll(acknowledged);
            assertThat(run.out() + run.err() + registry.journals(Stage.ORDERS, 1))
                    .doesNotContain(SECRET);
        }
        assertThat(one(old, "SHOW default_transaction_read_only")).isEqualTo("on");
        assertThat(one(fresh, "SELECT count(*) FROM public.orders"))
                .as("ids after the switch don't collide")
                .isEqualTo(one(fresh, "SELECT count(DISTINCT id) FROM public.orders"));
    }

    /** They are revealed to everybody on the target once what they stand for is true; before, and elsewhere, to nobody. */
    @Test
    void noSecretOfASignalIsInOutputTableOrJournal() throws Exception {
        try (Load one = new Load("one");
                Load two = new Load("two");
                Eavesdropper ear = new Eavesdropper()) {
            one.awaitRows(20);
            two.awaitRows(20);

            Run run = run("--verbose");

            assertThat(run.code()).as(run.out() + run.err()).isZero();
            List<String> texts = new ArrayList<>(List.of(run.out(), run.err()));
            registry.history(Stage.ORDERS, 99)
                    .forEach(version -> texts.add(
                            version + SettingsCodec.toDocument(version).toString()));
            registry.journals(Stage.ORDERS, 9).forEach(journal -> texts.add(journal.toString()));
            registry.fleet(Stage.ORDERS).forEach(report -> texts.add(report.toString()));
            List<Announcement> announced = ear.announced();
            assertThat(announced).extracting(Announcement::kind).containsOnly(Kind.HOLD, Kind.SWITCH);
            announced.forEach(each -> assertThat(String.join("\n", texts))
                    .doesNotContain(each.secret().reveal()));
        }
    }

    /** Everything that signals say is in the registry too. */
    @ParameterizedTest
    @ValueSource(strings = {"PREPARE written", "HOLD", "HOLD written", "steady 127.0.0.1", "steady 127.0.0.1 written"})
    void signalsThatBreakLoseNothing(String event) throws Exception {
        script.on(event, this::endSignalSessions);
        try (Load one = new Load("one");
                Load two = new Load("two")) {
            one.awaitRows(20);
            two.awaitRows(20);

            Run run = run("--hold-budget 5s");

            assertThat(run.code()).as(run.out() + run.err()).isZero();
            one.awaitRows(one.acknowledged.size() + 20);
            two.awaitRows(two.acknowledged.size() + 20);
            one.stop();
            two.stop();
            assertThat(rows(fresh)).containsAll(one.acknowledged).containsAll(two.acknowledged);
        }
    }

    /** The coordinator's and those of the instances, whatever they did last. */
    private void endSignalSessions() {
        try {
            fresh.execute("postgres", """
                    SELECT pg_terminate_backend(pid)
                    FROM pg_stat_activity
                    WHERE pid <> pg_backend_pid()
                      AND (application_name LIKE '%/signals'
                        OR application_name LIKE 'registry-held/%'
                        OR query LIKE 'LISTEN %')
                    """);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void rehearsesAndUndoesWithoutATrace() throws Exception {
        try (Load load = new Load("one")) {
            load.awaitRows(20);
            assertThat(run("--rehearse").code()).isZero();
            fresh.execute("orders", "ALTER SUBSCRIPTION " + LogicalReplication.NAME + " DISABLE");
            Run undone = run("--slot " + LogicalReplication.NAME + " --hold-budget 2s");
            assertThat(undone.code()).as(undone.out() + undone.err()).isIn(1, 5);
            load.awaitRows(load.acknowledged.size() + 20);
        }
        assertThat(one(old, "SHOW default_transaction_read_only")).isEqualTo("off");
    }

    /** The other fleet would fail every write from the fence on; the endpoints are other texts for one server. */
    @Test
    void refusesToFenceTheDatabaseThatAnotherFleetReachesUnderAnotherAddress() throws Exception {
        Endpoint alias = new Endpoint("localhost", old.port(), "orders");
        assertThat(alias).isNotEqualTo(endpoint(old));
        registry.put(
                "billing", ConnectionSettings.of(alias, "app", SecretRef.parse("file:" + password("app", SECRET))));
        try (Load load = new Load("one");
                RegistryDataSource billing = RegistryDataSource.builder()
                        .registry(registry)
                        .database("billing")
                        .service("billing")
                        .instance("b1")
                        .build()) {
            load.awaitRows(20);
            Run run = run("--hold-budget 3s");
            assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
            assertThat(run.err())
                    .contains("other-names", "'billing' (billing/b1, on the same server by their own reports)");
            assertThat(program.run("servers").out())
                    .contains(endpoint(old).host() + ":" + old.port() + " is also localhost:" + old.port());
            assertThat(program.run("list", "--server", "localhost:" + old.port())
                            .out())
                    .contains("billing", "orders");
            try (Connection connection = billing.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO public.orders (who, n) VALUES ('billing', 1)");
            }
        }
        assertThat(one(old, "SHOW default_transaction_read_only")).isEqualTo("off");
    }

    @Test
    void dryRunRefusesAServicePasswordThatTheTargetDoesNotTakeAndNamesItsPlace() throws Exception {
        fresh.execute("postgres", "ALTER ROLE app PASSWORD 'another'");
        Run dry = run("--dry-run");
        assertThat(dry.code()).isEqualTo(1);
        assertThat(dry.err())
                .contains("service-password", "can't log in as app at " + endpoint(fresh))
                .contains("the password was that of file:" + directory.resolve("app"))
                .doesNotContain(SECRET);
    }

    @Test
    void dryRunNamesThePlaceOfAnAdministratorsPasswordThatIsWrong() throws Exception {
        String admin = old.superuser();
        Run dry = program.run(("cutover orders --to " + endpoint(fresh) + " --dry-run --admin-username " + admin
                        + " --admin-password-ref file:" + password("wrong", "another"))
                .split(" ", -1));
        assertThat(dry.code()).isEqualTo(1);
        assertThat(dry.err())
                .contains("can't log in as " + admin, "the password was that of file:" + directory.resolve("wrong"));
    }

    private Run run(String options) throws IOException {
        String line = "cutover orders --to " + endpoint(fresh) + " --admin-username " + old.superuser()
                + " --admin-password-ref file:" + password("old", old.password()) + " --target-admin-username "
                + fresh.superuser() + " --target-admin-password-ref file:" + password("fresh", fresh.password()) + " "
                + options;
        return program.run(line.split(" ", -1));
    }

    private Path password(String name, String value) throws IOException {
        return Files.writeString(directory.resolve(name), value);
    }

    private static Endpoint endpoint(LocalPostgres server) {
        return new Endpoint(server.host(), server.port(), "orders");
    }

    private static String one(LocalPostgres server, String sql) throws SQLException {
        try (Connection connection = server.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static Set<String> rows(LocalPostgres server) throws SQLException {
        Set<String> rows = new TreeSet<>();
        try (Connection connection = server.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT who || n FROM public.orders")) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    /** Hears what is said on the target from the moment that a cutover is prepared. */
    private final class Eavesdropper implements AutoCloseable {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final Thread thread = new Thread(this::listen, "eavesdropper");
        private volatile boolean stopped;

        Eavesdropper() {
            thread.start();
        }

        private Optional<Transition> transition() {
            return registry.read(Stage.ORDERS) instanceof ReadResult.Found found
                    ? found.settings().transition()
                    : Optional.empty();
        }

        private void listen() {
            try (Connection connection = fresh.connect("orders");
                    Statement statement = connection.createStatement()) {
                await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> stopped || transition().isPresent());
                Optional<Transition> transition = transition();
                if (transition.isPresent()) {
                    statement.execute("LISTEN \""
                            + Transition.phaseChannel(transition.get().id()) + '"');
                }
                while (!stopped) {
                    for (PGNotification each :
                            connection.unwrap(PGConnection.class).getNotifications(50)) {
                        heard.add(each.getParameter());
                    }
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        List<Announcement> announced() {
            close();
            return heard.stream()
                    .flatMap(text -> Announcement.parse(text).stream())
                    .toList();
        }

        @Override
        public void close() {
            stopped = true;
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A service of its own that writes row after row, and remembers those that were acknowledged. */
    private final class Load implements AutoCloseable {
        private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
        private final String who;
        private final RegistryDataSource source;
        private final Thread thread;
        private volatile boolean stopped;

        Load(String who) {
            this.who = who;
            source = RegistryDataSource.builder()
                    .registry(registry)
                    .database("orders")
                    .service("checkout")
                    .instance(who)
                    .build();
            thread = new Thread(this::write, "load-" + who);
            thread.start();
        }

        private void write() {
            for (long n = 0; !stopped; n++) {
                try (Connection connection = source.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("INSERT INTO public.orders (who, n) VALUES ('" + who + "', " + n + ")");
                    acknowledged.add(who + n);
                } catch (SQLException e) {
                    // not acknowledged, so nobody counts on it
                }
            }
        }

        void awaitRows(int count) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> acknowledged.size() >= count);
        }

        void stop() {
            stopped = true;
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            stop();
            source.close();
        }
    }
}
