package dev.connectionregistry.spring.internal;

import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.spring.DatabaseProperties;
import dev.connectionregistry.spring.RegistryProperties;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The databases of the application by name, the primary one first; each complete, including what it takes from the
 * shared properties. Immutable.
 */
record ConfiguredDatabases(String primary, Map<String, DatabaseProperties> byName) {
    static final String APPLICATION_NAME = "spring.application.name";

    /** The starter is on the class path, but {@code connection-registry.database} isn't set. */
    static final class MissingDatabaseException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingDatabaseException() {
            super("property '" + DatabaseProperties.PREFIX + ".database' is not set");
        }
    }

    /**
     * Reads the properties.
     *
     * @throws MissingDatabaseException if there is no primary database
     * @throws InvalidSettingsException if two databases have the same name
     */
    static ConfiguredDatabases of(Environment environment) {
        Binder binder = Binder.get(environment);
        DatabaseProperties shared =
                binder.bindOrCreate(DatabaseProperties.PREFIX, Bindable.of(DatabaseProperties.class));
        String primary = shared.database();
        if (primary == null || primary.isBlank()) {
            throw new MissingDatabaseException();
        }
        Map<String, DatabaseProperties> all = new LinkedHashMap<>();
        all.put(primary, completed(shared, primary, shared, environment));
        binder.bindOrCreate(DatabaseProperties.PREFIX, Bindable.of(RegistryProperties.class))
                .databases()
                .forEach((name, own) -> {
                    if (all.put(name, completed(own, name, shared, environment)) != null) {
                        throw new InvalidSettingsException(DatabaseProperties.PREFIX + ".databases." + name
                                + " has the name of the primary database (" + DatabaseProperties.PREFIX + ".database="
                                + primary + "); give it another name");
                    }
                });
        return new ConfiguredDatabases(primary, all);
    }

    private static DatabaseProperties completed(
            DatabaseProperties own, String name, DatabaseProperties shared, Environment environment) {
        String application = environment.getProperty(APPLICATION_NAME);
        return new DatabaseProperties(
                Objects.requireNonNullElse(own.database(), name),
                first(first(own.service(), shared.service()), application),
                first(own.instance(), shared.instance()),
                own.snapshot(),
                first(own.startTimeout(), shared.startTimeout()),
                first(own.heartbeat(), shared.heartbeat()),
                first(own.closeGrace(), shared.closeGrace()),
                own.fallback(),
                first(own.allowEndpoints(), shared.allowEndpoints()),
                first(own.allowSecrets(), shared.allowSecrets()),
                first(own.requireTls(), shared.requireTls()),
                first(own.allowCleartextPasswords(), shared.allowCleartextPasswords()),
                first(own.allowDriverProperties(), shared.allowDriverProperties()),
                first(own.pool(), shared.pool()));
    }

    private static <T> @Nullable T first(@Nullable T own, @Nullable T other) {
        return own != null ? own : other;
    }

    /** The properties of the database with this name. */
    DatabaseProperties named(String name) {
        return Objects.requireNonNull(byName.get(name), name);
    }

    /** The name of the database's bean. */
    static String beanName(String name) {
        return name + "DataSource";
    }
}
