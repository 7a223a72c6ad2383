package dev.connectionregistry.containers;

import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.dynamodb.SystemProperties;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.localstack.LocalStackContainer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/** Clients for LocalStack, which belong to the caller, and tables in it. */
public final class LocalStack {
    private static final AtomicInteger TABLES = new AtomicInteger();

    private LocalStack() {}

    /** Where it answers. */
    public static URI endpoint() {
        return Containers.localStack().getEndpoint();
    }

    /** The region that all tests use. */
    public static String region() {
        return Containers.localStack().getRegion();
    }

    private static <B extends AwsClientBuilder<B, ?>> B at(B builder) {
        return at(builder, Containers.localStack());
    }

    private static <B extends AwsClientBuilder<B, ?>> B at(B builder, LocalStackContainer container) {
        return builder.endpointOverride(container.getEndpoint())
                .region(Region.of(container.getRegion()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(container.getAccessKey(), container.getSecretKey())));
    }

    /** A client for the tables. */
    public static DynamoDbClient dynamoDb() {
        return dynamoDb(Containers.localStack());
    }

    static DynamoDbClient dynamoDb(LocalStackContainer container) {
        return at(DynamoDbClient.builder(), container)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    static SecretsManagerClient secrets() {
        return at(SecretsManagerClient.builder())
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    static SsmClient parameters() {
        return at(SsmClient.builder())
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    /** A name that no other table has. */
    static String freshTableName() {
        return "registry-" + TABLES.incrementAndGet();
    }

    /** The name of a new, empty registry table. */
    public static String newTable(DynamoDbClient client) {
        String name = freshTableName();
        try (DynamoDbRegistryAdministration operators = new DynamoDbRegistryAdministration(client, name)) {
            operators.createTable();
        }
        return name;
    }

    /** How a program finds a table there. */
    static TableLocation location(String table) {
        return TableLocation.of(table)
                .withRegion(region())
                .withEndpointUrl(endpoint().toString());
    }

    /** Lets programs in this process find LocalStack as they find AWS: credentials, region and address. */
    static void announce(SystemProperties properties) {
        properties.set("aws.accessKeyId", Containers.localStack().getAccessKey());
        properties.set("aws.secretAccessKey", Containers.localStack().getSecretKey());
        properties.set("aws.region", region());
        properties.set("aws.endpointUrl", endpoint().toString());
    }
}
