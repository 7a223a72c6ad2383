package dev.connectionregistry.containers;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static dev.connectionregistry.testing.Sources.awaitVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.dynamodb.SystemProperties;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.testcontainers.postgresql.PostgreSQLContainer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/** A service between two Postgres servers, its settings and its password in LocalStack. */
@OnContainers
@ResourceLock(Resources.SYSTEM_PROPERTIES)
final class DataSourceOnLocalStackTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final Change CHANGE = new Change("anna", Instant.EPOCH, "");

    private final SystemProperties properties = new SystemProperties();
    private final DynamoDbClient tables = LocalStack.dynamoDb();
    private final SecretsManagerClient secrets = LocalStack.secrets();
    private final SsmClient parameters = LocalStack.parameters();
    private final String table = LocalStack.newTable(tables);
    private final DynamoDbRegistryAdministration operator = new DynamoDbRegistryAdministration(tables, table);
    private final Role role;
    private final String secret;
    private final String parameter;

    DataSourceOnLocalStackTest() throws SQLException {
        role = Role.create();
        secret = "secretsmanager:" + role.name() + "#password";
        parameter = "ssm:/" + role.name();
    }

    @BeforeEach
    void keepThePassword() {
        LocalStack.announce(properties);
        secrets.createSecret(create -> create.name(role.name()).secretString(role.json()));
        parameters.putParameter(put ->
                put.name("/" + role.name()).type(ParameterType.SECURE_STRING).value(role.password()));
    }

    @AfterEach
    void close() throws SQLException {
        role.close();
        operator.close();
        parameters.close();
        secrets.close();
        tables.close();
        properties.restore();
        Leftovers.awaitNoThreads();
    }

    private VersionedSettings add(String passwordRef) {
        return write(VersionedSettings.first(ORDERS, role.settings(Containers.oldPostgres(), passwordRef), CHANGE));
    }

    private VersionedSettings write(VersionedSettings next) {
        assertThat(operator.write(next)).isInstanceOf(WriteResult.Written.class);
        return next;
    }

    private LiveService serviceOn(String passwordRef) {
        add(passwordRef);
        return new LiveService(LocalStack.location(table), "one");
    }

    private void moveTo(PostgreSQLContainer server, String passwordRef, RegistryDataSource dataSource) {
        ConnectionSettings there = role.settings(server, passwordRef);
        VersionedSettings current =
                operator.version(ORDERS, dataSource.status().version()).orElseThrow();
        awaitVersion(dataSource, write(current.next(there, CHANGE)).version());
    }

    private static int major(RegistryDataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return Servers.major(connection);
        }
    }

    @Test
    void movesToTheOtherServerAndBackWithThePasswordInTheParameterStore() throws SQLException {
        try (LiveService service = serviceOn(parameter)) {
            assertThat(major(service.dataSource())).isEqualTo(15);
            moveTo(Containers.newPostgres(), parameter, service.dataSource());
            assertThat(major(service.dataSource())).isEqualTo(17);
            moveTo(Containers.oldPostgres(), parameter, service.dataSource());
            assertThat(major(service.dataSource())).isEqualTo(15);
            assertThat(service.failures()).isEmpty();
        }
        assertThat(operator.fleet(ORDERS))
                .singleElement()
                .returns("checkout/one", InstanceReport::name)
                .returns(InstanceState.STOPPED, InstanceReport::state);
    }

    @Test
    void movesWithTheServerAlsoFromTheParameterStoreToSecretsManager() throws SQLException {
        try (LiveService service = serviceOn(parameter)) {
            moveTo(Containers.newPostgres(), secret, service.dataSource());
            assertThat(major(service.dataSource())).isEqualTo(17);
            assertThat(service.failures()).isEmpty();
        }
    }

    @Test
    void servesOnWhileAwsDoesNotAnswerAndFollowsAgainWhenItDoes() throws SQLException {
        try (LiveService service = serviceOn(secret)) {
            RegistryDataSource dataSource = service.dataSource();
            try (Containers.Pause pause = Containers.pauseLocalStack()) {
                assertThat(pause).isNotNull();
                awaitStatus(dataSource, status -> status.problem().isPresent());
                awaitStatus(dataSource, status -> status.staleness().compareTo(Duration.ofSeconds(3)) > 0);
                assertThat(dataSource.status().problem().orElseThrow()).contains("the registry can't be read: ");
                assertThat(dataSource.status().state()).isEqualTo(InstanceState.ACTIVE);
                assertThat(major(dataSource)).isEqualTo(15);
            }
            awaitStatus(dataSource, status -> status.problem().isEmpty());
            moveTo(Containers.newPostgres(), secret, dataSource);
            assertThat(major(dataSource)).isEqualTo(17);
            assertThat(service.failures()).isEmpty();
        }
    }

    @Test
    void aRotatedSecretLeadsToANewGenerationAndNobodyTellsTheService() throws SQLException {
        try (LiveService service = serviceOn(secret)) {
            RegistryDataSource dataSource = service.dataSource();
            role.changePassword();
            secrets.putSecretValue(put -> put.secretId(role.name()).secretString(role.json()));
            role.endSessions();
            Sources.useUntilGeneration(dataSource, 2);
            assertThat(dataSource.status().version()).isOne();
            assertThat(dataSource.status().state()).isEqualTo(InstanceState.ACTIVE);
            assertThat(major(dataSource)).isEqualTo(15);
        }
    }

    @Test
    void anOutageOfSecretsManagerKeepsNoPoolFromGrowingOrComingBack() throws SQLException {
        try (LiveService service = serviceOn(secret)) {
            RegistryDataSource dataSource = service.dataSource();
            assertThat(service.failures()).isEmpty();
            try (Containers.Pause pause = Containers.pauseLocalStack()) {
                assertThat(pause).isNotNull();
                awaitStatus(dataSource, status -> status.problem().isPresent());
                useAll(dataSource);
                role.endSessions();
                await().ignoreExceptionsInstanceOf(SQLException.class)
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> {
                            useAll(dataSource); // no session is left, so all of them log in again
                            return true;
                        });
            }
        }
    }

    /** Holds all eight connections that the pool may have at once, so it must log in for most of them. */
    private static void useAll(RegistryDataSource dataSource) throws SQLException {
        List<Connection> all = new ArrayList<>();
        try {
            while (all.size() < 8) {
                Connection connection = dataSource.getConnection();
                all.add(connection);
                assertThat(connection.isValid(5)).isTrue();
            }
        } finally {
            for (Connection each : all) {
                each.close();
            }
        }
    }
}
