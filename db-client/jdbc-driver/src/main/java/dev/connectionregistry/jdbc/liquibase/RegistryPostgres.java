package dev.connectionregistry.jdbc.liquibase;

import liquibase.database.DatabaseConnection;
import liquibase.database.core.PostgresDatabase;
import org.jspecify.annotations.Nullable;

/**
 * Tells Liquibase which driver a {@code jdbc:registry:} URL needs. The database itself Liquibase recognises by what the connection says of
 * it, as PostgreSQL. Found by Liquibase as a service.
 */
public final class RegistryPostgres extends PostgresDatabase {
    /** Of its own, so that it takes nothing from Liquibase's own PostgreSQL. */
    @Override
    public String getShortName() {
        return "registry-postgresql";
    }

    @Override
    public @Nullable String getDefaultDriver(String url) {
        return url.startsWith("jdbc:registry:") ? "dev.connectionregistry.jdbc.RegistryDriver" : null;
    }

    /** Never: it is PostgreSQL's. */
    @Override
    public boolean isCorrectDatabaseImplementation(DatabaseConnection connection) {
        return false;
    }
}
