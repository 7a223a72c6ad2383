package dev.connectionregistry.samples.quarkus;

import dev.connectionregistry.junit.RegistryExtension;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Two servers and a table, which are there before Quarkus starts the application; the test gets the extension. */
public final class Registry implements QuarkusTestResourceLifecycleManager {
    private static final String TABLE = "connection-registry";

    private @Nullable LocalDynamoDb dynamo;
    private @Nullable DynamoDbClient client;
    private @Nullable RegistryExtension registry;

    @Override
    public Map<String, String> start() {
        LocalDynamoDb server = LocalDynamoDb.start();
        dynamo = server;
        DynamoDbClient table = client(server);
        client = table;
        DynamoDbRegistryAdministration operators = new DynamoDbRegistryAdministration(table, TABLE);
        operators.createTable();
        RegistryExtension extension = RegistryExtension.builder()
                .database("orders")
                .registry(new DynamoDbSettingsRegistry(table, TABLE), operators)
                .build();
        registry = extension;
        try {
            extension.start();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.setProperty("aws.accessKeyId", server.accessKeyId());
        System.setProperty("aws.secretAccessKey", server.secretAccessKey());
        return Map.of(
                "quarkus.datasource.jdbc.url",
                "jdbc:registry:orders?service=shop&region=" + server.region() + "&endpointUrl="
                        + encoded(server.endpoint()));
    }

    private static DynamoDbClient client(LocalDynamoDb server) {
        return DynamoDbClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.of(server.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(server.accessKeyId(), server.secretAccessKey())))
                .build();
    }

    private static String encoded(URI uri) {
        return URLEncoder.encode(uri.toString(), StandardCharsets.UTF_8);
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(registry, new TestInjector.MatchesType(RegistryExtension.class));
    }

    /** After the application has ended. */
    @Override
    public void stop() {
        try {
            if (registry != null) {
                if (!registry.fleet("orders").isEmpty()) {
                    throw new AssertionError("the application did not say that it stopped");
                }
                registry.stop();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
            if (client != null) {
                client.close();
            }
            if (dynamo != null) {
                dynamo.close();
            }
        }
    }
}
