package dev.connectionregistry.admin.cli.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import dev.connectionregistry.admin.cli.options.GlobalOptions;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** Binds the registry in DynamoDB, at the location that options and environment name. */
public final class RegistryModule extends AbstractModule {
    private final Map<String, String> environment;

    public RegistryModule(Map<String, String> environment) {
        this.environment = environment;
    }

    @Provides
    @Singleton
    DeferredRegistry deferred(GlobalOptions options) {
        return new DeferredRegistry(() -> {
            DynamoDbRegistryAdministration table = DynamoDbRegistryAdministration.open(location(options, environment));
            return new DeferredRegistry.Opened(table, table.cutovers(), table);
        });
    }

    @Provides
    @Singleton
    RegistryAdministration registry(DeferredRegistry deferred) {
        return deferred;
    }

    @Provides
    @Singleton
    CutoverRegistry cutovers(DeferredRegistry deferred) {
        return deferred;
    }

    /** The location; an option takes precedence over the environment. */
    static TableLocation location(GlobalOptions options, Map<String, String> environment) {
        TableLocation location =
                options.table().map(TableLocation::of).orElseGet(() -> TableLocation.fromEnvironment(environment));
        location = apply(location, options.region(), TableLocation::withRegion);
        location = apply(location, options.endpointUrl(), TableLocation::withEndpointUrl);
        return apply(location, options.profile(), TableLocation::withProfile);
    }

    private static TableLocation apply(
            TableLocation location,
            Optional<String> value,
            java.util.function.BiFunction<TableLocation, String, TableLocation> with) {
        return value.map(text -> with.apply(location, text)).orElse(location);
    }
}
