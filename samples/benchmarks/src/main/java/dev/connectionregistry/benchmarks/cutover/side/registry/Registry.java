package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The registry's table on DynamoDB Local, and how to get there. Immutable; the server belongs to the caller.
 *
 * @param server where it is
 */
public record Registry(LocalDynamoDb server) {
    private static final String TABLE = TableLocation.DEFAULT_TABLE;
    private static final DatabaseName WARM_UP = new DatabaseName("warm-up");
    private static final Duration WARM_UP_TIME = Duration.ofSeconds(8);
    private static final ConnectionSettings SOMEWHERE = ConnectionSettings.of(
            Endpoint.parse("nowhere.invalid:5432/nothing"), "nobody", SecretRef.parse("env:NOTHING"));

    /** What a program needs to reach it. The keys are made up. */
    public Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL_DYNAMODB", server.endpoint().toString(),
                "AWS_REGION", server.region(),
                "AWS_ACCESS_KEY_ID", server.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", server.secretAccessKey(),
                "AWS_EC2_METADATA_DISABLED", "true",
                "REGISTRY_TABLE", TABLE);
    }

    /** Opens what an instance reads its settings with, as services do; the caller must close it. */
    public DynamoDbSettingsRegistry open() {
        return DynamoDbSettingsRegistry.open(location());
    }

    /** Opens what an operator's program writes settings with; the caller must close it. */
    public DynamoDbRegistryAdministration administration() {
        return DynamoDbRegistryAdministration.open(location());
    }

    /**
     * Writes and reads settings for a few seconds: a table in production is never cold, while DynamoDB Local is a JVM that has just
     * begun.
     */
    void warmUp() {
        try (DynamoDbRegistryAdministration administration = administration()) {
            VersionedSettings next =
                    VersionedSettings.first(WARM_UP, SOMEWHERE, new Change("benchmark", Instant.EPOCH, "warm-up"));
            long start = System.nanoTime();
            while (System.nanoTime() - start < WARM_UP_TIME.toNanos()) {
                administration.write(next);
                administration.read(WARM_UP);
                administration.fleet(WARM_UP);
                next = next.next(SOMEWHERE, next.change());
            }
            administration.write(next.nextRemoved(next.change()));
        }
    }

    private TableLocation location() {
        System.setProperty("aws.accessKeyId", server.accessKeyId()); // where the SDK looks first
        System.setProperty("aws.secretAccessKey", server.secretAccessKey());
        return TableLocation.of(TABLE)
                .withRegion(server.region())
                .withEndpointUrl(server.endpoint().toString());
    }
}
