package dev.connectionregistry.admin.history.stage;

import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The registry's table: what stands in it, and how processes reach it. Thread-safe. */
public final class Registry implements AutoCloseable {
    private static final String TABLE = "connection-registry";

    private final LocalDynamoDb dynamo;
    private final DynamoDbClient client;
    private final DynamoDbRegistryAdministration administration;

    Registry(LocalDynamoDb dynamo) {
        this.dynamo = dynamo;
        this.client = DynamoDbClient.builder()
                .endpointOverride(dynamo.endpoint())
                .region(Region.of(dynamo.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(dynamo.accessKeyId(), dynamo.secretAccessKey())))
                .build();
        this.administration = new DynamoDbRegistryAdministration(client, TABLE);
    }

    void createTable() {
        administration.createTable();
    }

    /**
     * What stands as the database's settings.
     *
     * @throws IllegalStateException if there are none, or they can't be read
     */
    public VersionedSettings settings(String database) {
        ReadResult result = administration.read(new DatabaseName(database));
        if (result instanceof ReadResult.Found found) {
            return found.settings();
        }
        throw new IllegalStateException("no settings of " + database + ": " + result);
    }

    /** What the instances of the fleet last said. */
    public List<InstanceReport> fleet(String database) {
        return administration.fleet(new DatabaseName(database));
    }

    /** The lock of the database's cutovers; empty if there was none yet. */
    public Optional<CutoverLock> lock(String database) {
        return administration.cutovers().lock(new DatabaseName(database));
    }

    /** What a process needs to reach it. */
    Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString(),
                "AWS_REGION", dynamo.region(),
                "AWS_ACCESS_KEY_ID", dynamo.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", dynamo.secretAccessKey(),
                "AWS_EC2_METADATA_DISABLED", "true",
                "REGISTRY_TABLE", TABLE);
    }

    /** A gate that can cut off who goes through it; the caller must close it. */
    TcpGate gate() {
        return TcpGate.to("127.0.0.1", dynamo.port());
    }

    /** As {@link #environment}, through a gate. */
    Map<String, String> environment(TcpGate gate) {
        Map<String, String> through = new HashMap<>(environment());
        through.put("AWS_ENDPOINT_URL_DYNAMODB", "http://" + gate.host() + ":" + gate.port());
        return through;
    }

    @Override
    public void close() {
        administration.close();
        client.close();
    }
}
