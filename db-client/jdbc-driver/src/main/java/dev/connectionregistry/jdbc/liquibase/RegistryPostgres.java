package dev.connectionregistry.jdbc.liquibase;

import liquibase.database.DatabaseConnection;
import liquibase.database.core.PostgresDatabase;
import org.jspecify.annotations.Nullable;

/**
 * Tells Liquibase which driver a {@code jdbc:registry:} URL needs. Liquibase recognises the database itself as
 * PostgreSQL by what the connection reports. Liquibase finds this class as a service.
 */
public final class RegistryPostgres extends PostgresDatabase {
    /** Its own name, so that it doesn't replace Liquibase's own PostgreSQL. */
    @Override
    public String getShortName() {
        return "registry-postgresql";
    }

    @Override
    public @Nullable String getDefaultDriver(String url) {
        return url.startsWith("jdbc:registry:") ? "dev.connectionregistry.jdbc.RegistryDriver" : null;
    }

    /** Never: Liquibase's own PostgreSQL handles the database. */
    @Override
    public boolean isCorrectDatabaseImplementation(DatabaseConnection connection) {
        return false;
    }
}
