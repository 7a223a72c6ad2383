package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.cutover.postgres.LockTest.assertFails;
import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static dev.connectionregistry.admin.postgres.TestDatabase.q;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Driver;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.PasswordGate;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.settings.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The login of the proof that waits for the fence where the server has asked for its password. */
class PreparedProofTest {
    private static final String PROBES = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%/probe'";

    /** The server has looked the password up when it asks for it; a login that begins later would need the new one. */
    @ParameterizedTest
    @CsvSource({
        "11, READ_ONLY, 25006",
        "13, READ_ONLY, 25006",
        "17, READ_ONLY, 25006",
        "18, READ_ONLY, 25006",
        "11, NO_LOGIN, 42501",
        "18, NO_LOGIN, 42501"
    })
    void aLoginThatWaitedSinceBeforeTheFenceBeginsUnderIt(int major, FenceKind kind, String refusal) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (SourceServer server = database.open("run-1")) {
            server.plan(kind, Set.of(), BOUND);
            server.prepareProof();
            database.execute("ALTER ROLE " + q(database.service) + " PASSWORD 'another'");
            server.raise(BOUND);
            assertThat(refusal(server)).isEqualTo(refusal);
            server.lower(BOUND);
            await().until(() -> database.query(PROBES).get(0).equals("0"));
        }
    }

    @Test
    void aWriteThatGoesThroughInASessionThatWaitedRefutesTheFence() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        Login login = database.login(database.service);
        Login bending = new Login(
                login.endpoint(),
                login.username(),
                login.password(),
                Map.of("options", "-c default_transaction_read_only=off"));
        try (SourceServer server = PostgresServers.source(database.login(database.admin), bending, "run-1")
                .open(false, BOUND)) {
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            server.prepareProof();
            server.raise(BOUND);
            assertFails(Kind.NOT_SO, "was not refused", () -> refusal(server));
            server.lower(BOUND);
        }
    }

    private interface Trouble {
        void with(SourceServer server, TcpGate gate) throws Exception;
    }

    /** {@code trouble} prepares the proof. */
    private static void assertProvenDespite(Trouble trouble) throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (TcpGate gate = TcpGate.to(database.server.host(), database.server.port());
                SourceServer server = PostgresServers.source(
                                database.login(database.admin), through(gate, database), "run-1")
                        .open(false, BOUND)) {
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            trouble.with(server, gate);
            server.raise(BOUND);
            assertThat(refusal(server)).isEqualTo("25006");
            server.lower(BOUND);
        }
    }

    @Test
    void aLoginThatTheServerGaveUpIsReplaced() throws Exception {
        assertProvenDespite((server, gate) -> {
            server.prepareProof();
            gate.cut();
            gate.heal();
        });
    }

    @Test
    void aServerThatCannotBeReachedBeforeTheHoldIsAskedAgainInIt() throws Exception {
        assertProvenDespite((server, gate) -> {
            gate.cut();
            server.prepareProof();
            gate.heal();
        });
    }

    /** Such a session begins before the fence, and would write. */
    @Test
    void aSessionThatWasLetInWithoutAPasswordIsReplaced(@TempDir Path folder) throws Exception {
        Path rules = Files.writeString(folder.resolve("pg_hba.conf"), "host all all all trust\nlocal all all trust\n");
        try (LocalPostgres trusting =
                LocalPostgres.builder(17).setting("hba_file", rules.toString()).start()) {
            trusting.createDatabase("orders").createLogin("app", "unused");
            Login admin = TestDatabase.superuser(trusting, "orders");
            Login service =
                    new Login(admin.endpoint(), "app", () -> new Secret("unused"), Map.of("sslmode", "disable"));
            try (SourceServer server =
                    PostgresServers.source(admin, service, "run-1").open(false, BOUND)) {
                server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
                server.prepareProof();
                server.raise(BOUND);
                assertThat(refusal(server)).isEqualTo("25006");
            }
        }
    }

    @Test
    void aLoginThatIsNotNeededIsGivenUpWithTheSession() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        Set<Thread> before = probes();
        try (SourceServer server = database.open("run-1")) {
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            server.prepareProof();
            assertThat(probes()).hasSizeGreaterThan(before.size());
        }
        await().atMost(BOUND).until(() -> before.containsAll(probes()));
        assertThat(database.query(PROBES)).containsExactly("0");
    }

    @Test
    void aLoginThatASilentServerKeepsIsGivenUpWithTheSession() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        Set<Thread> before = probes();
        try (TcpGate gate = TcpGate.to(database.server.host(), database.server.port())) {
            try (SourceServer server = PostgresServers.source(
                            database.login(database.admin), through(gate, database), "run-1")
                    .open(false, BOUND)) {
                server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
                gate.hang();
                server.prepareProof();
                assertThat(probes()).hasSizeGreaterThan(before.size());
            }
            await().atMost(BOUND).until(() -> before.containsAll(probes()));
        }
    }

    @Test
    void nobodyWaitsForALoginWithoutAPassword() throws Exception {
        Login login = new Login(
                Endpoint.parse("localhost:1/orders"),
                "app",
                () -> {
                    throw new SecretException("APP_PW is not set", null);
                },
                Map.of());
        PasswordGate gate = new PasswordGate();
        assertThatThrownBy(() -> Driver.connect(login, "test", gate, Deadline.of(BOUND)))
                .hasMessage("APP_PW is not set");
        assertThat(gate.awaitArrival(Duration.ZERO)).isTrue();
    }

    private static Set<Thread> probes() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().startsWith("registry-admin-fence-probe"))
                .collect(Collectors.toSet());
    }

    private static Login through(TcpGate gate, TestDatabase database) {
        Login login = database.login(database.service);
        return new Login(
                new Endpoint(gate.host(), gate.port(), database.name),
                database.service,
                login.password(),
                Map.of("sslmode", "disable", "gssEncMode", "disable"));
    }

    private static String refusal(SourceServer server) throws ServerException {
        return server.prove(Optional.empty(), BOUND).refusal(BOUND);
    }
}
