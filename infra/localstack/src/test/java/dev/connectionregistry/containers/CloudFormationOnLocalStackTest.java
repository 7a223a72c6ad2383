package dev.connectionregistry.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.dynamodb.SystemProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** The template of {@code infra/cloudformation}, deployed, and the table that comes of it, used. */
@OnContainers
@ResourceLock(Resources.SYSTEM_PROPERTIES)
final class CloudFormationOnLocalStackTest {
    private static final Path TEMPLATES = Path.of(System.getProperty("cloudformation.folder"));

    private final SystemProperties properties = new SystemProperties();
    private final Stacks stacks = new Stacks();
    private final DynamoDbClient tables = LocalStack.dynamoDb();

    @BeforeEach
    void announce() {
        LocalStack.announce(properties);
    }

    @AfterEach
    void close() {
        properties.restore();
        tables.close();
    }

    private void deploy(String stack, String template, Map<String, String> parameters) throws Exception {
        stacks.create(stack, Files.readString(TEMPLATES.resolve(template)), parameters);
        await().atMost(Duration.ofMinutes(2)).until(() -> !stacks.status(stack).endsWith("_IN_PROGRESS"));
        assertThat(stacks.status(stack)).as(stacks.events(stack)).isEqualTo("CREATE_COMPLETE");
    }

    private static void succeeds(AdminProgram.Run run) {
        assertThat(run.code()).as(run.err()).isZero();
    }

    @Test
    void theTableOfTheTemplateIsOneForWhichNothingIsLeftToDo() throws Exception {
        String table = LocalStack.freshTableName();
        deploy("registry", "connection-registry.yaml", Map.of("TableName", table, "DeletionProtection", "false"));

        TableDescription described =
                tables.describeTable(describe -> describe.tableName(table)).table();
        assertThat(described.billingModeSummary().billingModeAsString()).isEqualTo("PAY_PER_REQUEST");
        assertThat(described.deletionProtectionEnabled()).isFalse();
        assertThat(tables.describeTimeToLive(describe -> describe.tableName(table))
                        .timeToLiveDescription()
                        .attributeName())
                .isEqualTo("expiresAt");

        AdminProgram program = new AdminProgram(LocalStack.location(table));
        AdminProgram.Run init = program.run("init");
        succeeds(init);
        assertThat(init.out()).contains(": already exists");
        succeeds(program.run("doctor"));
        succeeds(program.run("add orders --endpoint db1:5432/orders --username app --password-ref env:PW"));
        succeeds(program.run("set-endpoint orders db2:5432 --no-wait"));
        assertThat(program.run("show orders").out()).contains("orders, version 2", "db2:5432/orders");
    }

    @Test
    void thePolicyOfAServiceIsForItsDatabaseAndItsSecrets() throws Exception {
        String secret = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:orders-*";
        deploy("orders", "service.yaml", Map.of("Database", "orders", "TableName", "fleets", "SecretArns", secret));

        String policy =
                stacks.policy(stacks.output("orders", "ServicePolicyArn")).replaceAll("\\s", "");
        assertThat(policy)
                .contains(
                        "\"dynamodb:LeadingKeys\":[\"settings#orders\"]",
                        "\"dynamodb:LeadingKeys\":[\"fleet#orders\",\"fleet#orders#*\"]")
                .contains(":table/fleets\"", secret)
                .doesNotContain("NoValue", "ssm:GetParameter", "kms:", "rds-db:");
    }
}
