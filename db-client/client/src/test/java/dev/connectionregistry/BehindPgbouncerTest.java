package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.CommittedRun;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Notifier;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import dev.connectionregistry.testing.WatchedRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A service that reaches the target through a pgbouncer which pools transactions. A notification goes to whichever client has the
 * backend that listened, or to none, so the service has to do with reading the registry. Skipped where pgbouncer isn't installed.
 */
@Timeout(120)
class BehindPgbouncerTest {
    private static final String INSTANCE = "pooled";
    private static final String RUN = "c-1";
    private static final long PREPARE = 2;
    private static final long END = 4;

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final CommittedRun run = new CommittedRun(RUN, PREPARE);
    private Optional<Process> pgbouncer = Optional.empty();

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (pgbouncer.isPresent()) {
            pgbouncer.get().destroyForcibly().waitFor();
        }
        Leftovers.awaitNoThreads();
        Sources.awaitNoSession(Servers.first(), INSTANCE);
    }

    private static Optional<Path> program() {
        return Stream.of((System.getenv().getOrDefault("PATH", "") + ":/usr/sbin").split(":", -1))
                .filter(part -> !part.isEmpty())
                .map(part -> Path.of(part, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** In front of the second server. As root it changes to another user, who has to be able to read the files. */
    private Endpoint pooled(Path folder) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path users = Files.writeString(folder.resolve("users.txt"), "\"app\" \"" + Servers.PASSWORD + "\"\n");
        String user = System.getProperty("user.name").equals("root") ? "user = nobody" : "";
        Path configuration = Files.writeString(
                folder.resolve("pgbouncer.ini"), """
                [databases]
                orders = host=127.0.0.1 port=%d dbname=orders
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = %s
                pool_mode = transaction
                server_tls_sslmode = disable
                ignore_startup_parameters = extra_float_digits, options
                %s
                """.formatted(Servers.second().port(), port, users, user));
        pgbouncer = Optional.of(
                new ProcessBuilder(program().orElseThrow().toString(), "-q", configuration.toString()).start());
        await().atMost(Duration.ofSeconds(20))
                .ignoreException(SQLException.class)
                .until(() -> isServing(port));
        return new Endpoint("127.0.0.1", port, "orders");
    }

    private static boolean isServing(int port) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/orders?sslmode=disable&gssEncMode=disable",
                "app",
                Servers.PASSWORD)) {
            return connection.isValid(5);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SWITCH", "UNDO"})
    void followsACutoverByReadingTheRegistryWhateverBecomesOfSignals(Kind end, @TempDir Path folder) throws Exception {
        assumeTrue(program().isPresent(), "pgbouncer is not installed");
        Endpoint target = pooled(folder);
        VersionedSettings steady = registry.put("orders", Servers.settings(Servers.first()));
        try (RegistryDataSource dataSource =
                        Sources.on(new WatchedRegistry(registry), INSTANCE).build();
                Notifier coordinator = new Notifier(Servers.second(), RUN)) {
            registry.write(
                    steady.nextIn(run.prepare(Servers.settings(target), Duration.ofSeconds(20)), CommittedRun.CHANGE));
            awaitStatus(dataSource, status -> status.state() == InstanceState.READY);
            coordinator.heartbeat();
            VersionedSettings hold = run.after(
                    registry.version(new DatabaseName("orders"), PREPARE).orElseThrow(), Kind.HOLD);
            registry.write(hold);
            coordinator.announce(run.announcement(Kind.HOLD));
            awaitStatus(dataSource, status -> status.state() == InstanceState.HELD);
            registry.write(run.after(hold, end));
            coordinator.announce(run.announcement(end));
            awaitStatus(
                    dataSource,
                    status -> status.acknowledgedVersion() == END && status.state() == InstanceState.ACTIVE);
            try (Connection connection = dataSource.getConnection()) {
                assertThat(Servers.major(connection)).isEqualTo(end == Kind.SWITCH ? 18 : 17);
            }
        }
    }
}
