package dev.connectionregistry.admin.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.admin.wiring.ServersModule;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LogicalReplication;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.SettingsCodec;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        assertThat(run.err()).contains("was begun with --caught-up-command", "cutover abort orders");
        assertThat(run.out() + run.err()).doesNotContain(marker.toString());
        assertThat(marker).doesNotExist();
        Run another = asAdmin(
                "cutover resume orders --to " + endpoint(target) + " --caught-up-command", "touch " + marker + "2");
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
        Run run = asAdmin("cutover resume orders --to " + endpoint(target) + " --caught-up-command", command);
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
            journal.put(
                    "fence",
                    Map.of(
                            "kind",
                            "READ_ONLY",
                            "exemptRoles",
                            List.of(),
                            "up",
                            List.of("SELECT 1"),
                            "down",
                            List.of("SELECT 1")));
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
            source.execute("postgres", "ALTER DATABASE orders RESET default_transaction_read_only");
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
