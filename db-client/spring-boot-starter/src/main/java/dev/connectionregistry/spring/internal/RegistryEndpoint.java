package dev.connectionregistry.spring.internal;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.status.DataSourceStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * The endpoint {@code /actuator/connectionregistry}: the status of the data sources and its last changes. Shows no
 * secret.
 */
@Endpoint(id = "connectionregistry")
final class RegistryEndpoint {
    private final ObjectProvider<Map<String, RegistryDataSource>> dataSources;
    private final ConfiguredDatabases databases;
    private final StatusEvents events;

    RegistryEndpoint(
            ObjectProvider<Map<String, RegistryDataSource>> dataSources,
            ConfiguredDatabases databases,
            StatusEvents events) {
        this.dataSources = dataSources;
        this.databases = databases;
        this.events = events;
    }

    /** All data sources by name. */
    @ReadOperation
    Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>();
        databases.byName().keySet().forEach(name -> all.put(name, one(name)));
        return Map.of("databases", all);
    }

    /** One data source; null, which is a 404, if there is none with that name. */
    @ReadOperation
    @Nullable
    Map<String, Object> one(@Selector String name) {
        RegistryDataSource dataSource = Objects.requireNonNullElse(
                        dataSources.getIfAvailable(), Map.<String, RegistryDataSource>of())
                .get(ConfiguredDatabases.beanName(name));
        if (dataSource == null) {
            return null;
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("primary", name.equals(databases.primary()));
        view.putAll(StatusView.details(dataSource.status()));
        view.put(
                "transitions",
                events.last(name).stream().map(RegistryEndpoint::transition).toList());
        return view;
    }

    private static Map<String, Object> transition(StatusEvents.Change change) {
        DataSourceStatus now = change.current();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("at", change.at().toString());
        view.put("from", change.previous().state().name());
        view.put("to", now.state().name());
        view.put("version", now.version());
        view.put("generation", now.generation());
        now.endpoint().ifPresent(endpoint -> view.put("endpoint", endpoint.toString()));
        now.problem().ifPresent(problem -> view.put("problem", problem));
        return view;
    }
}
