package dev.connectionregistry.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.ExitCode;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.SystemProperties;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.Leftovers;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The commands of operators on a table in LocalStack, beside services that live. */
@OnContainers
@ResourceLock(Resources.SYSTEM_PROPERTIES)
final class RegistryAdminOnLocalStackTest {
    private final SystemProperties properties = new SystemProperties();
    private final DynamoDbClient tables = LocalStack.dynamoDb();
    private final String table = LocalStack.freshTableName();
    private final AdminProgram program = new AdminProgram(LocalStack.location(table));

    @BeforeEach
    void announce() {
        LocalStack.announce(properties);
    }

    @AfterEach
    void close() {
        tables.close();
        properties.restore();
        Leftovers.awaitNoThreads();
    }

    private void succeeds(String line) {
        AdminProgram.Run run = program.run(line);
        assertThat(run.code()).as(line + ": " + run.err()).isEqualTo(ExitCode.DONE.code());
    }

    @Test
    void initCreatesTheTableAndIsSafeToRepeat() {
        AdminProgram.Run first = program.run("init");
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).contains(table, LocalStack.region(), ": created");

        AdminProgram.Run second = program.run("init");
        assertThat(second.code()).as(second.err()).isZero();
        assertThat(second.out()).contains(": already exists");

        var described = tables.describeTable(b -> b.tableName(table)).table();
        assertThat(described.billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
        TimeToLiveDescription ttl =
                tables.describeTimeToLive(b -> b.tableName(table)).timeToLiveDescription();
        assertThat(ttl.timeToLiveStatusAsString()).isEqualTo("ENABLED");
        assertThat(ttl.attributeName()).isEqualTo("expiresAt");
    }

    @Test
    void doctorFindsNothingWrongAfterInitAndSaysBeforeItWhatToDo() {
        AdminProgram.Run before = program.run("doctor");
        assertThat(before.code()).isEqualTo(ExitCode.FAILED.code());
        assertThat(before.err()).contains("checks failed", "next: registry-admin", "init");

        succeeds("init");
        AdminProgram.Run after = program.run("doctor");
        assertThat(after.code()).as(after.out() + after.err()).isZero();
        assertThat(after.out().lines().filter(line -> line.startsWith("PASS"))).hasSize(10);
        assertThat(after.out()).doesNotContain("FAIL", "SKIP");
    }

    @Test
    void setEndpointMovesALiveServiceAndPutsTheIntervalBack() throws SQLException {
        try (Role role = Role.create();
                SecretsManagerClient secrets = LocalStack.secrets()) {
            secrets.createSecret(create -> create.name(role.name()).secretString(role.json()));
            succeeds("init");
            succeeds("add orders --endpoint " + Role.endpoint(Containers.oldPostgres()) + " --username " + role.name()
                    + " --password-ref secretsmanager:" + role.name() + "#password --poll-interval 2s");
            try (LiveService service = new LiveService(LocalStack.location(table), "one")) {
                AdminProgram.Run moved = program.run("set-endpoint orders " + Role.endpoint(Containers.newPostgres())
                        + " --poll-interval 100ms --wait --timeout 1m");
                assertThat(moved.code()).as(moved.err()).isZero();
                assertThat(moved.out()).contains("1 of 1 live instances followed");
                assertThat(service.dataSource().status().endpoint()).contains(Role.endpoint(Containers.newPostgres()));
                succeeds("status orders --exit-code");
                assertThat(program.run("status orders").out()).contains("checkout", "one", "ACTIVE");
                assertThat(service.failures()).isEmpty();
            }
            assertThat(current().settings().polling().interval()).isEqualTo(Duration.ofSeconds(2));
            assertThat(current().settings().endpoint()).isEqualTo(Role.endpoint(Containers.newPostgres()));
        }
    }

    @Test
    void aFleetThatCannotFollowAConflictAndAMistakeHaveExitCodesOfTheirOwn() throws SQLException {
        try (Role role = Role.create();
                SecretsManagerClient secrets = LocalStack.secrets()) {
            secrets.createSecret(create -> create.name(role.name()).secretString(role.json()));
            succeeds("init");
            succeeds("add orders --endpoint " + Role.endpoint(Containers.oldPostgres()) + " --username " + role.name()
                    + " --password-ref secretsmanager:" + role.name() + "#password --poll-interval 100ms");
            try (LiveService service = new LiveService(LocalStack.location(table), "one")) {
                AdminProgram.Run nowhere = program.run("set-endpoint orders 127.0.0.1:1 --wait --timeout 3s");
                assertThat(nowhere.code()).as(nowhere.err()).isEqualTo(ExitCode.NOT_CONVERGED.code());
                assertThat(program.run("set-pool orders --maximum-size 4 --if-version 1")
                                .code())
                        .isEqualTo(ExitCode.CONFLICT.code());
                assertThat(program.run("set-pool orders --maximum-size 0").code())
                        .isEqualTo(ExitCode.USAGE.code());
                succeeds("rollback orders --to 1 --wait --timeout 1m");
                assertThat(service.failures()).isEmpty();
            }
        }
    }

    private VersionedSettings current() {
        try (DynamoDbSettingsRegistry registry = new DynamoDbSettingsRegistry(tables, table)) {
            return ((ReadResult.Found) registry.read(new DatabaseName("orders"))).settings();
        }
    }
}
