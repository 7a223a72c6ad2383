package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.containers.LocalStack;
import dev.connectionregistry.containers.OnContainers;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryContract;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@OnContainers
final class LocalStackRegistryTest extends RegistryContract {
    private static DynamoDbClient client;
    private static String table;
    private static DynamoDbSettingsRegistry services;
    private static DynamoDbRegistryAdministration operators;

    @BeforeAll
    static void open() {
        client = LocalStack.dynamoDb();
        table = LocalStack.newTable(client);
        services = new DynamoDbSettingsRegistry(client, table);
        operators = new DynamoDbRegistryAdministration(client, table);
    }

    @AfterAll
    static void close() {
        services.close();
        operators.close();
        client.close();
    }

    @Override
    protected SettingsRegistry services() {
        return services;
    }

    @Override
    protected RegistryAdministration operators() {
        return operators;
    }

    @Override
    protected void putRaw(DatabaseName database, Map<String, Object> document) {
        Map<String, AttributeValue> item = new HashMap<>(Attributes.toItem(document));
        item.putAll(TableLayout.current(database));
        client.putItem(put -> put.tableName(table).item(item));
    }
}
