package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.testing.Certificates;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Real servers: one whose certificate bears its name, one whose certificate bears another's, and those of other tests, without one. */
class TlsConnectionTest {
    private static LocalPostgres right;
    private static LocalPostgres wrongName;
    private static Path root;
    private static Path strangersRoot;

    private final InMemoryRegistry registry = new InMemoryRegistry();

    @BeforeAll
    static void startServers(@TempDir Path folder) throws Exception {
        Certificates authority = new Certificates(folder.resolve("ours"));
        root = authority.root();
        strangersRoot = new Certificates(folder.resolve("stranger")).root();
        right = started(authority.server("right", "ip:127.0.0.1"));
        wrongName = started(authority.server("wrong", "dns:db1.internal"));
    }

    private static LocalPostgres started(Certificates.Server with) {
        LocalPostgres server = LocalPostgres.builder(17)
                .setting("ssl", "on")
                .setting("ssl_cert_file", with.certificate().toString())
                .setting("ssl_key_file", with.key().toString())
                .start();
        Servers.prepare(server);
        return server;
    }

    @AfterAll
    static void stopServers() {
        right.close();
        wrongName.close();
    }

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    private static ConnectionSettings verified(LocalPostgres server, Path believed) {
        return Servers.settings(server)
                .withProperties(Map.of("sslmode", "verify-full", "sslrootcert", believed.toString()));
    }

    private RegistryDataSource open(ConnectionSettings settings, SecretResolver... secrets) {
        registry.put("orders", settings);
        return Sources.on(registry, "tls").secrets(secrets).build();
    }

    private static boolean isEncrypted(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    @Test
    void aServerWithACertificateOfItsOwnNameIsTrusted() throws SQLException {
        try (RegistryDataSource dataSource = open(verified(right, root));
                Connection connection = dataSource.getConnection()) {
            assertThat(isEncrypted(connection)).isTrue();
        }
    }

    @Test
    void aServerWithACertificateOfAnotherNameIsRefused() {
        assertThatThrownBy(() -> open(verified(wrongName, root)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining("sslmode=verify-full")
                .hasMessageContaining("name");
    }

    @Test
    void aServerOfAnotherAuthorityIsRefused() {
        assertThatThrownBy(() -> open(verified(right, strangersRoot)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("sslrootcert");
    }

    @Test
    void aServerWithoutTlsIsRefused() {
        assertThatThrownBy(() -> open(verified(Servers.first(), root)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("does not support SSL");
    }

    @Test
    void aMissingFileOfAuthoritiesIsNamed(@TempDir Path empty) {
        assertThatThrownBy(() -> open(verified(right, empty.resolve("no-such.pem"))))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("no-such.pem");
    }

    @Test
    void aMoveToAServerThatCanNotProveItsNameLeavesTheFleetWhereItIs() throws SQLException {
        try (RegistryDataSource dataSource = open(verified(right, root))) {
            registry.put("orders", verified(wrongName, root));
            Sources.awaitStatus(dataSource, status -> status.state() == InstanceState.REJECTED);
            try (Connection connection = dataSource.getConnection()) {
                assertThat(connection.getMetaData().getURL()).contains(":" + right.port() + "/");
            }
        }
    }

    @Test
    void aTokenIsNotSentInTheOpen() {
        assertThatThrownBy(() -> open(
                        Servers.settings(right).withCredentials("app", SecretRef.parse("rds-iam")),
                        new OneTimeTokens()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("sslmode=verify-full")
                .hasMessageContaining("'prefer'");
    }

    @Test
    void everyNewConnectionHasATokenOfItsOwn() throws SQLException {
        right.createLogin("iam_app", "not-a-token");
        OneTimeTokens tokens = new OneTimeTokens();
        try (RegistryDataSource dataSource =
                open(verified(right, root).withCredentials("iam_app", SecretRef.parse("rds-iam")), tokens)) {
            List<Connection> all = new ArrayList<>();
            Set<Integer> backends = new TreeSet<>();
            for (int i = 0; i < 8; i++) { // the whole pool
                Connection connection = dataSource.getConnection();
                all.add(connection);
                backends.add(connection.unwrap(PGConnection.class).getBackendPID());
            }
            for (Connection each : all) {
                each.close();
            }
            assertThat(backends).hasSize(8);
            assertThat(tokens.made).hasValue(8);
            assertThat(dataSource.status().generation()).isOne();
        }
    }

    /** Tokens that the server takes only as long as there is no newer one: whoever remembers one is refused. */
    private static final class OneTimeTokens implements SecretResolver {
        private final AtomicInteger made = new AtomicInteger();

        @Override
        public String scheme() {
            return "rds-iam";
        }

        @Override
        public Secret resolve(SecretRequest request) throws SecretException {
            String token = "token-" + made.incrementAndGet();
            try {
                right.execute("postgres", "ALTER ROLE " + request.username() + " PASSWORD '" + token + "'");
            } catch (SQLException e) {
                throw new SecretException("no token", e);
            }
            return new Secret(token);
        }

        @Override
        public Optional<Secret> renewed(SecretRequest request, Secret refused) {
            return Optional.empty();
        }
    }
}
