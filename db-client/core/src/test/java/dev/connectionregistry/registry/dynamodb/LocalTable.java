package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.local.LocalDynamoDb;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** One DynamoDB Local for all tests of this JVM, and clients for it. The server ends with the JVM. */
final class LocalTable {
    private static final AtomicInteger TABLES = new AtomicInteger();

    private LocalTable() {}

    private static final class Holder {
        static final LocalDynamoDb SERVER = LocalDynamoDb.start();
    }

    static LocalDynamoDb server() {
        return Holder.SERVER;
    }

    static DynamoDbClient client() {
        return client(server().endpoint(), override -> override);
    }

    static DynamoDbClient client(URI endpoint, UnaryOperator<ClientOverrideConfiguration.Builder> override) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(server().region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(server().accessKeyId(), server().secretAccessKey())))
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(1))
                        .socketTimeout(Duration.ofSeconds(10))
                        .build())
                .overrideConfiguration(
                        override.apply(ClientOverrideConfiguration.builder().retryStrategy(b -> b.maxAttempts(2)))
                                .build())
                .build();
    }

    /** A name that no other test uses. */
    static String freshName() {
        return "registry-" + TABLES.incrementAndGet();
    }

    /** The name of a new, empty registry table. */
    static String create(DynamoDbClient client) {
        String name = freshName();
        try (DynamoDbRegistryAdministration operators = new DynamoDbRegistryAdministration(client, name)) {
            operators.createTable();
        }
        return name;
    }
}
