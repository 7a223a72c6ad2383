package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.containers.LocalStack;
import dev.connectionregistry.containers.OnContainers;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.CutoverRegistryContract;
import dev.connectionregistry.registry.RegistryAdministration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@OnContainers
final class LocalStackCutoverRegistryTest extends CutoverRegistryContract {
    private static DynamoDbClient client;
    private static DynamoDbRegistryAdministration operators;

    @BeforeAll
    static void open() {
        client = LocalStack.dynamoDb();
        operators = new DynamoDbRegistryAdministration(client, LocalStack.newTable(client));
    }

    @AfterAll
    static void close() {
        operators.close();
        client.close();
    }

    @Override
    protected CutoverRegistry cutovers() {
        return operators.cutovers();
    }

    @Override
    protected RegistryAdministration operators() {
        return operators;
    }
}
