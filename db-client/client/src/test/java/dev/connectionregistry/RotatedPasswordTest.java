package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static dev.connectionregistry.testing.Sources.useQuietly;
import static dev.connectionregistry.testing.Sources.useUntilGeneration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.dynamodb.SystemProperties;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.testing.FakeAws;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Rotation;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The password of a role on a real server is changed while a service runs, and nobody tells the service. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class RotatedPasswordTest {
    private static final String REFERENCE = "secretsmanager:orders#password";

    private final SystemProperties properties = new SystemProperties();
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final FakeAws aws = new FakeAws();
    private Rotation role;

    @BeforeEach
    void createRole() throws SQLException {
        properties.set("aws.region", "eu-west-1");
        properties.set("aws.accessKeyId", "test");
        properties.set("aws.secretAccessKey", "test");
        properties.set("aws.endpointUrl", aws.endpoint().toString());
        role = Rotation.on(Servers.first());
        keep(role.password());
        registry.put("orders", settings(REFERENCE));
    }

    @AfterEach
    void close() throws SQLException {
        role.close();
        aws.close();
        properties.restore();
        Leftovers.awaitNoThreads();
    }

    private void keep(String password) {
        aws.put("orders", "{\"username\":\"" + role.name() + "\",\"password\":\"" + password + "\"}");
    }

    /** Callers who wait in vain do so for a second only. */
    private ConnectionSettings settings(String reference) {
        ConnectionSettings settings = role.settings(reference);
        return settings.withPool(settings.pool().withConnectionTimeout(Duration.ofSeconds(1)));
    }

    private RegistryDataSource open(String instance) {
        return Sources.on(registry, instance).build();
    }

    private static void use(RegistryDataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
    }

    @Test
    void theServiceGoesOnWithANewPoolAndNobodyHasToDoAnything() throws Exception {
        try (RegistryDataSource dataSource = open("rotated");
                LogCapture log = LogCapture.ofInfo()) {
            Connection old = dataSource.getConnection();
            keep(role.change());
            try (Connection second = dataSource.getConnection();
                    Connection third = dataSource.getConnection()) { // the pool grows, by a login with the new password
                assertThat(List.of(second, third)).hasSize(2);
                await().until(() -> dataSource.status().generation() == 2);
            }
            assertThat(old.isValid(5)).isTrue(); // what was logged in before goes on until it is given back
            old.close();
            use(dataSource);
            assertThat(dataSource.status().state()).isEqualTo(InstanceState.ACTIVE);
            assertThat(dataSource.status().version()).isOne();
            assertThat(log.warnings()).isEmpty();
            assertThat(log.everything())
                    .anyMatch(line -> line.contains("the password " + REFERENCE + " was changed: replacing the pool"));
            await().until(() -> log.everything().stream().anyMatch(line -> line.contains("gen 1: DRAINING -> CLOSED")));
            assertThat(dataSource.status().generation()).isEqualTo(2);
        }
    }

    @Test
    void aPoolWhoseSessionsAreAllEndedComesBackByItself() throws Exception {
        try (RegistryDataSource dataSource = open("ended")) {
            keep(role.change());
            role.endSessions();
            useUntilGeneration(dataSource, 2);
            use(dataSource);
            int before = aws.requests();
            keep(role.change());
            role.endSessions();
            useUntilGeneration(dataSource, 3);
            use(dataSource);
            assertThat(aws.requests() - before).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void aSecretThatIsChangedAfterTheRoleIsFoundAsSoonAsItIs() throws Exception {
        try (RegistryDataSource dataSource = open("late")) {
            String next = role.change();
            role.endSessions();
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> { // the secret is read once in vain
                                useQuietly(dataSource);
                                return aws.requests() >= 2;
                            });
            keep(next);
            useUntilGeneration(dataSource, 2);
            use(dataSource);
        }
    }

    @Test
    void aPasswordThatIsSimplyWrongIsNotAskedForAllTheTime() throws Exception {
        try (RegistryDataSource dataSource = open("wrong")) {
            role.change();
            role.endSessions();
            int refused = 0;
            for (long since = System.nanoTime(); secondsSince(since) < 8; ) {
                Throwable thrown = catchThrowable(() -> use(dataSource));
                assertThat(thrown).isInstanceOf(SQLException.class);
                refused += String.valueOf(thrown.getMessage()).contains("password authentication failed") ? 1 : 0;
            }
            assertThat(refused).isGreaterThan(2);
            assertThat(aws.requests()).isBetween(2, 6);
            assertThat(dataSource.status().generation()).isOne();
        }
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    @Test
    void anOutageOfSecretsManagerKeepsNoPoolFromGrowing() throws Exception {
        try (RegistryDataSource dataSource = open("outage")) {
            aws.refuse(503, "ServiceUnavailableException");
            List<Connection> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(dataSource.getConnection());
            }
            for (Connection each : all) {
                each.close();
            }
            registry.put("orders", settings(REFERENCE).withProperties(Map.of("prepareThreshold", "3")));
            awaitStatus(dataSource, status -> status.version() == 2);
            use(dataSource);
        }
    }

    @Test
    void aFileThatIsReplacedIsReadForEachConnection(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("password");
        Files.writeString(file, role.password() + "\n");
        registry.put("orders", settings("file:" + file));
        try (RegistryDataSource dataSource = open("file")) {
            Files.writeString(file, role.change() + "\n");
            role.endSessions();
            await().ignoreExceptions().atMost(Duration.ofSeconds(30)).until(() -> {
                use(dataSource);
                return true;
            });
            assertThat(dataSource.status().state()).isEqualTo(InstanceState.ACTIVE);
        }
    }
}
