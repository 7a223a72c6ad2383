package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
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
        return first(versions(stage), stage.targetEndpoint(), 0).map(EndpointWrite::at);
    }

    /**
     * When the old endpoint was written again after the new one; empty if it never was.
     *
     * @throws dev.connectionregistry.registry.RegistryException if the registry cannot be asked
     */
    public static Optional<Long> backMicros(Stage stage) {
        List<VersionedSettings> versions = versions(stage);
        return first(versions, stage.targetEndpoint(), 0)
                .flatMap(there -> first(versions, stage.sourceEndpoint(), there.version()))
                .map(EndpointWrite::at);
    }

    private static Optional<VersionedSettings> first(List<VersionedSettings> versions, Endpoint endpoint, long after) {
        return versions.stream()
                .filter(each ->
                        each.version() > after && each.settings().endpoint().equals(endpoint))
                .min(Comparator.comparing(VersionedSettings::version));
    }

    private static long at(VersionedSettings version) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, version.change().at());
    }

    private static List<VersionedSettings> versions(Stage stage) {
        try (DynamoDbClient client = stage.registryClient();
                DynamoDbRegistryAdministration registry = new DynamoDbRegistryAdministration(client, Stage.TABLE)) {
            return List.copyOf(registry.history(new DatabaseName(Stage.DATABASE), VERSIONS));
        }
    }
}
