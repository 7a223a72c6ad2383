package dev.connectionregistry.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.cloudformation.calls.Call;
import dev.connectionregistry.cloudformation.calls.CallRecorder;
import dev.connectionregistry.cloudformation.template.Element;
import dev.connectionregistry.cloudformation.template.Stack;
import dev.connectionregistry.cloudformation.template.Template;
import dev.connectionregistry.local.LocalDynamoDb;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** {@code registry-admin init} and the template make the same table, as far as programs see one. */
class SameTableTest {
    /** What guards the table in an account; init leaves it to the template. DynamoDB Local knows none of it. */
    private static final List<String> OF_THE_TEMPLATE_ALONE =
            List.of("PointInTimeRecoverySpecification", "SSESpecification", "DeletionProtectionEnabled", "Tags");

    private static LocalDynamoDb server;
    private static DynamoDbClient client;

    @BeforeAll
    static void start() {
        server = LocalDynamoDb.start();
        client = client(server.endpoint());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static DynamoDbClient client(URI endpoint) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(ProfileCredentialsProvider.create("onlooker"))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    @Test
    void initMakesWhatTheTemplateSays() {
        new Program(server.endpoint()).run(Play.OPERATOR, 0, "init --table made-by-init");
        Map<String, Object> template = template("made-by-init", Map.of());
        OF_THE_TEMPLATE_ALONE.forEach(template::remove);
        assertThat(found("made-by-init")).isEqualTo(template);
    }

    @Test
    void initFindsNothingToDoOnATableOfTheTemplate() {
        makeAsTheTemplateSays("made-by-template");
        int before = CallRecorder.callsOf("OPERATOR").size();
        String said = new Program(server.endpoint()).run(Play.OPERATOR, 0, "init --table made-by-template");
        assertThat(said).contains("already exists");
        List<Call> calls = CallRecorder.callsOf("OPERATOR");
        assertThat(calls.subList(before, calls.size()))
                .extracting(Call::operation)
                .containsOnly("DynamoDb.DescribeTable", "DynamoDb.DescribeTimeToLive");
    }

    @Test
    void theTableIsGuarded() {
        Map<String, Object> template = template("connection-registry", Map.of());
        assertThat(template)
                .containsEntry("DeletionProtectionEnabled", "true")
                .containsEntry("PointInTimeRecoverySpecification", Map.of("PointInTimeRecoveryEnabled", true))
                .doesNotContainKey("SSESpecification");
        String key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        assertThat(template("connection-registry", Map.of("KmsKeyArn", key)))
                .containsEntry("SSESpecification", Map.of("SSEEnabled", true, "SSEType", "KMS", "KMSMasterKeyId", key));
        assertThat(Element.map(
                        Template.read("cloudformation/connection-registry.yaml").section("Resources"), "RegistryTable"))
                .containsEntry("DeletionPolicy", "Retain")
                .containsEntry("UpdateReplacePolicy", "Retain");
    }

    private static Map<String, Object> template(String table, Map<String, String> more) {
        Map<String, String> parameters = new TreeMap<>(more);
        parameters.put("TableName", table);
        Stack stack = Template.read("cloudformation/connection-registry.yaml").deploy(parameters);
        return new LinkedHashMap<>(stack.properties("RegistryTable"));
    }

    /** An existing table, in the terms of a template. */
    private static Map<String, Object> found(String name) {
        TableDescription table = client.describeTable(b -> b.tableName(name)).table();
        var ttl = client.describeTimeToLive(b -> b.tableName(name)).timeToLiveDescription();
        assertThat(table.globalSecondaryIndexes()).isEmpty();
        assertThat(table.localSecondaryIndexes()).isEmpty();
        assertThat(table.streamSpecification()).isNull();
        return Map.of(
                "TableName",
                table.tableName(),
                "BillingMode",
                table.billingModeSummary().billingModeAsString(),
                "AttributeDefinitions",
                table.attributeDefinitions().stream()
                        .map(each -> Map.of(
                                "AttributeName", each.attributeName(), "AttributeType", each.attributeTypeAsString()))
                        .toList(),
                "KeySchema",
                table.keySchema().stream()
                        .map(each -> Map.of("AttributeName", each.attributeName(), "KeyType", each.keyTypeAsString()))
                        .toList(),
                "TimeToLiveSpecification",
                Map.of(
                        "AttributeName",
                        ttl.attributeName(),
                        "Enabled",
                        ttl.timeToLiveStatusAsString().equals("ENABLED")));
    }

    private static void makeAsTheTemplateSays(String name) {
        Map<String, Object> template = template(name, Map.of());
        client.createTable(b -> b.tableName(name)
                .billingMode(Element.text(template, "BillingMode"))
                .attributeDefinitions(Element.maps(template, "AttributeDefinitions").stream()
                        .map(each -> AttributeDefinition.builder()
                                .attributeName(Element.text(each, "AttributeName"))
                                .attributeType(Element.text(each, "AttributeType"))
                                .build())
                        .collect(Collectors.toList()))
                .keySchema(Element.maps(template, "KeySchema").stream()
                        .map(each -> KeySchemaElement.builder()
                                .attributeName(Element.text(each, "AttributeName"))
                                .keyType(Element.text(each, "KeyType"))
                                .build())
                        .collect(Collectors.toList())));
        Map<String, Object> ttl = Element.map(template, "TimeToLiveSpecification");
        client.updateTimeToLive(
                b -> b.tableName(name).timeToLiveSpecification(s -> s.attributeName(Element.text(ttl, "AttributeName"))
                        .enabled((Boolean) Element.at(ttl, "Enabled"))));
    }
}
