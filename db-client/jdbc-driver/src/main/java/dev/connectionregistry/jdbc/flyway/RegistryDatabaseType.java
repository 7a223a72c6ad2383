package dev.connectionregistry.jdbc.flyway;

import java.sql.Connection;
import java.sql.Types;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.internal.database.base.BaseDatabaseType;
import org.flywaydb.core.internal.database.base.Database;
import org.flywaydb.core.internal.jdbc.JdbcConnectionFactory;
import org.flywaydb.core.internal.jdbc.StatementInterceptor;
import org.flywaydb.core.internal.parser.Parser;
import org.flywaydb.core.internal.parser.ParsingContext;

/**
 * Tells Flyway which driver a {@code jdbc:registry:} URL needs. Flyway recognises the database itself as PostgreSQL by
 * what the connection reports. Flyway finds this class as a service.
 */
public final class RegistryDatabaseType extends BaseDatabaseType {
    @Override
    public String getName() {
        return "PostgreSQL through the Connection Registry";
    }

    @Override
    public int getNullType() {
        return Types.NULL;
    }

    @Override
    public boolean handlesJDBCUrl(String url) {
        return url.startsWith("jdbc:registry:");
    }

    @Override
    public String getDriverClass(String url, ClassLoader classLoader) {
        return "dev.connectionregistry.jdbc.RegistryDriver";
    }

    /** Never: Flyway's own PostgreSQL type handles the database. */
    @Override
    public boolean handlesDatabaseProductNameAndVersion(String name, String version, Connection connection) {
        return false;
    }

    @Override
    public Database<?> createDatabase(
            Configuration configuration, JdbcConnectionFactory connections, StatementInterceptor interceptor) {
        throw notPostgres();
    }

    @Override
    public Parser createParser(Configuration configuration, ResourceProvider resources, ParsingContext context) {
        throw notPostgres();
    }

    private static IllegalStateException notPostgres() {
        return new IllegalStateException(
                "Flyway did not recognise the database as PostgreSQL; add org.flywaydb:flyway-database-postgresql");
    }
}
