package dev.connectionregistry.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.dynamodb.SystemProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** The template of {@code infra/cloudformation}, deployed, and the table that comes of it, used. */
@OnContainers
@ResourceLock(Resources.SYSTEM_PROPERTIES)
final class CloudFormationOnLocalStackTest {
    private static final Path TEMPLATES = Path.of(System.getProperty("cloudformation.folder"));

    private final SystemProperties properties = new SystemProperties();
    private final CloudFormationClient stacks = LocalStack.stacks();
    private final DynamoDbClient tables = LocalStack.dynamoDb();

    @BeforeEach
    void announce() {
        LocalStack.announce(properties);
    }

    @AfterEach
    void close() {
        properties.restore();
        tables.close();
        stacks.close();
    }

    private void deploy(String stack, String template, Map<String, String> parameters) throws IOException {
        String body = Files.readString(TEMPLATES.resolve(template));
        List<Parameter> all = parameters.entrySet().stream()
                .map(each -> Parameter.builder()
                        .parameterKey(each.getKey())
                        .parameterValue(each.getValue())
                        .build())
                .toList();
        stacks.createStack(create -> create.stackName(stack)
                .templateBody(body)
                .parameters(all)
                .capabilities(Capability.CAPABILITY_IAM, Capability.CAPABILITY_NAMED_IAM));
        await().atMost(Duration.ofMinutes(2)).until(() -> !status(stack).endsWith("_IN_PROGRESS"));
        assertThat(status(stack)).as(failures(stack)).isEqualTo("CREATE_COMPLETE");
    }

    private String status(String stack) {
        return described(stack).stackStatusAsString();
    }

    private Stack described(String stack) {
        return stacks.describeStacks(describe -> describe.stackName(stack))
                .stacks()
                .get(0);
    }

    private String failures(String stack) {
        return stacks.describeStackEvents(describe -> describe.stackName(stack)).stackEvents().stream()
                .filter(event -> event.resourceStatusAsString().endsWith("_FAILED"))
                .map(CloudFormationOnLocalStackTest::line)
                .collect(Collectors.joining("\n"));
    }

    private static String line(StackEvent event) {
        return event.logicalResourceId() + ": " + event.resourceStatusReason();
    }

    private static void succeeds(AdminProgram.Run run) {
        assertThat(run.code()).as(run.err()).isZero();
    }

    @Test
    void theTableOfTheTemplateIsOneForWhichNothingIsLeftToDo() throws IOException {
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
        assertThat(init.out()).contains(": it is there already");
        succeeds(program.run("doctor"));
        succeeds(program.run("add orders --endpoint db1:5432/orders --username app --password-ref env:PW"));
        succeeds(program.run("set-endpoint orders db2:5432 --no-wait"));
        assertThat(program.run("show orders").out()).contains("orders, version 2", "db2:5432/orders");
    }
}
