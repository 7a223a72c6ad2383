package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;

final class TableSetupTest {
    private final DynamoDbClient client = LocalTable.client();
    private final String name = LocalTable.freshName();
    private final DynamoDbRegistryAdministration operators = new DynamoDbRegistryAdministration(client, name);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void createsTheTableOnDemandWithTimeToLive() {
        assertThat(operators.createTable()).isTrue();
        TableDescription table = client.describeTable(b -> b.tableName(name)).table();
        assertThat(table.tableStatusAsString()).isEqualTo("ACTIVE");
        assertThat(table.billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
        TimeToLiveDescription ttl =
                client.describeTimeToLive(b -> b.tableName(name)).timeToLiveDescription();
        assertThat(ttl.timeToLiveStatusAsString()).isEqualTo("ENABLED");
        assertThat(ttl.attributeName()).isEqualTo("expiresAt");
    }

    @Test
    void creatingItTwiceIsFine() {
        assertThat(operators.createTable()).isTrue();
        assertThat(operators.createTable()).isFalse();
    }

    @Test
    void ofManyAtOnceOneCreatesItAndAllSucceed() throws Exception {
        int many = 6;
        ExecutorService threads = Executors.newFixedThreadPool(many);
        try {
            CyclicBarrier together = new CyclicBarrier(many);
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                results.add(threads.submit(() -> {
                    together.await(10, TimeUnit.SECONDS);
                    return operators.createTable();
                }));
            }
            List<Boolean> created = new ArrayList<>();
            for (Future<Boolean> result : results) {
                created.add(result.get(30, TimeUnit.SECONDS));
            }
            assertThat(created).containsOnlyOnce(true);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void completesATableThatLacksTimeToLive() {
        create("pk", "sk");
        assertThat(operators.createTable()).isFalse();
        assertThat(client.describeTimeToLive(b -> b.tableName(name))
                        .timeToLiveDescription()
                        .timeToLiveStatusAsString())
                .isEqualTo("ENABLED");
    }

    @Test
    void checkAccessSaysThatTimeToLiveIsOff() {
        create("pk", "sk");
        assertThat(operators.checkAccess())
                .filteredOn(check -> !check.ok())
                .singleElement()
                .satisfies(check ->
                        assertThat(check.detail()).contains("time to live").contains("registry-admin init"));
    }

    @Test
    void refusesATableOfSomebodyElseAndNamesTheDifference() {
        create("id", "range");
        assertThatThrownBy(operators::createTable)
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
                .hasMessageContaining("table " + name)
                .hasMessageContaining("id (S)")
                .hasMessageContaining("pk (S)")
                .hasMessageContaining("--table");
    }

    private void create(String hash, String range) {
        client.createTable(b -> b.tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(
                        KeySchemaElement.builder()
                                .attributeName(hash)
                                .keyType(KeyType.HASH)
                                .build(),
                        KeySchemaElement.builder()
                                .attributeName(range)
                                .keyType(KeyType.RANGE)
                                .build())
                .attributeDefinitions(text(hash), text(range)));
    }

    private static AttributeDefinition text(String attribute) {
        return AttributeDefinition.builder()
                .attributeName(attribute)
                .attributeType(ScalarAttributeType.S)
                .build();
    }
}
