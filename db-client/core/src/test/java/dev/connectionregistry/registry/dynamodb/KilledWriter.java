package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Instant;

/** A process that writes one version after the other until it is killed; prints each when it is written. */
final class KilledWriter {
    private KilledWriter() {}

    /** Endpoint, table, database. */
    public static void main(String[] args) {
        DatabaseName database = new DatabaseName(args[2]);
        ConnectionSettings settings =
                ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW"));
        Change change = new Change("killed", Instant.EPOCH, "x".repeat(50_000));
        TableLocation location =
                TableLocation.of(args[1]).withRegion("eu-central-1").withEndpointUrl(args[0]);
        try (DynamoDbRegistryAdministration operators = DynamoDbRegistryAdministration.open(location)) {
            while (true) {
                VersionedSettings next = operators.read(database) instanceof ReadResult.Found found
                        ? found.settings().next(settings, change)
                        : VersionedSettings.first(database, settings, change);
                operators.write(next);
                System.out.println(next.version());
            }
        }
    }
}
