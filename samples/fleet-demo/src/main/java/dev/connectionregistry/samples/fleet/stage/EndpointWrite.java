package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Finds out from the registry's own history when the new endpoint was written. */
public final class EndpointWrite {
    private static final int VERSIONS = 100;

    private EndpointWrite() {}

    /**
     * When the operator's command was about to write it, in micros since 1970; empty if it never was.
     *
     * @throws dev.connectionregistry.registry.RegistryException if the registry cannot be asked
     */
    public static Optional<Long> micros(Stage stage) {
        try (DynamoDbClient client = stage.registryClient();
                DynamoDbRegistryAdministration registry = new DynamoDbRegistryAdministration(client, Stage.TABLE)) {
            return registry.history(new DatabaseName(Stage.DATABASE), VERSIONS).stream()
                    .filter(version -> version.settings().endpoint().equals(stage.newEndpoint()))
                    .min(Comparator.comparing(VersionedSettings::version))
                    .map(version -> ChronoUnit.MICROS.between(
                            Instant.EPOCH, version.change().at()));
        }
    }
}
