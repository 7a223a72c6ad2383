package dev.connectionregistry.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The same in a table. */
class DynamoDbTest {
    private static final String TABLE = "connection-registry";

    private static final LocalDynamoDb SERVER = startOfThisProject();
    private static final DynamoDbClient CLIENT = DynamoDbClient.builder()
            .endpointOverride(SERVER.endpoint())
            .region(Region.of(SERVER.region()))
            .credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(SERVER.accessKeyId(), SERVER.secretAccessKey())))
            .build();
    private static final DynamoDbRegistryAdministration OPERATORS = operators();

    @RegisterExtension
    static final RegistryExtension registry = RegistryExtension.builder()
            .database("orders")
            .registry(new DynamoDbSettingsRegistry(CLIENT, TABLE), OPERATORS)
            .build();

    /** DynamoDB Local is no published artifact of ours: users start it, or LocalStack, as a container. */
    private static LocalDynamoDb startOfThisProject() {
        String property = "connectionregistry.local.folder";
        String nothing = System.clearProperty(property);
        try {
            return LocalDynamoDb.start();
        } finally {
            if (nothing != null) {
                System.setProperty(property, nothing);
            }
        }
    }

    private static DynamoDbRegistryAdministration operators() {
        DynamoDbRegistryAdministration made = new DynamoDbRegistryAdministration(CLIENT, TABLE);
        made.createTable();
        return made;
    }

    @AfterAll
    static void stop() {
        CLIENT.close();
        SERVER.close();
    }

    @Test
    void movesAndHoldsAServiceThatReadsATable() {
        try (RegistryDataSource dataSource = RegistryDataSource.builder()
                .registry(registry.registry())
                .database("orders")
                .service("checkout")
                .build()) {
            registry.move("orders", registry.second());
            registry.holdFor("orders", Duration.ofMillis(50));
            registry.cutOver("orders", registry.first(), Duration.ofMillis(50));
            assertThat(dataSource.status().endpoint().orElseThrow().port())
                    .isEqualTo(registry.first().port());
        }
    }
}
