package dev.connectionregistry.spring;

import dev.connectionregistry.settings.Tls;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One data source: the primary database's under {@code connection-registry}, a further one's under
 * {@code connection-registry.databases.NAME}. Immutable.
 *
 * @param database The database's name in the registry, such as orders.
 * @param service The application's name in reports and on the server. Default: spring.application.name.
 * @param instance The process's name, unique within the service. Default: host name and process id.
 * @param snapshot A file for the last good settings, to start from when the registry can't be read; one file per
 *     database.
 * @param startTimeout How long the first read of the registry may take before snapshot or fallback are used. Default: 5s.
 * @param heartbeat How often the instance reports about itself when nothing changes. Default: 30s.
 * @param closeGrace How long connections in use may take to be returned when the application closes. Default: 5s.
 * @param fallback Settings to start from when neither the registry nor a snapshot has any.
 * @param allowEndpoints The servers that the settings may name, such as *.internal:5432. Default: any.
 * @param allowSecrets The password references that the settings may have, such as env:ORDERS_*. Default: any except
 *     well-known credentials of other systems.
 * @param requireTls The least protection that the settings must ask for: require, verify-ca or verify-full.
 * @param allowCleartextPasswords Whether to send a password in clear text to every allowed server that asks for it.
 * @param allowDriverProperties Driver properties that the settings may have besides the harmless ones: NAME or NAME=VALUE.
 * @param pool What the application decides about its pool; everything else is in the registry's settings.
 */
@ConfigurationProperties(DatabaseProperties.PREFIX)
public record DatabaseProperties(
        @Nullable String database,
        @Nullable String service,
        @Nullable String instance,
        @Nullable Path snapshot,
        @Nullable Duration startTimeout,
        @Nullable Duration heartbeat,
        @Nullable Duration closeGrace,
        @Nullable Fallback fallback,
        @Nullable List<String> allowEndpoints,
        @Nullable List<String> allowSecrets,
        @Nullable Tls requireTls,
        @Nullable Boolean allowCleartextPasswords,
        @Nullable List<String> allowDriverProperties,
        @Nullable Pool pool) {

    /** The prefix of all properties. */
    public static final String PREFIX = "connection-registry";

    /**
     * Settings to start from without the registry.
     *
     * @param endpoint The server, as HOST:PORT/NAME.
     * @param username The role to log in as.
     * @param passwordRef Where the password is kept, such as env:ORDERS_PASSWORD; never the password itself.
     * @param properties Driver properties, such as sslmode.
     */
    public record Fallback(
            @Nullable String endpoint,
            @Nullable String username,
            @Nullable String passwordRef,
            @DefaultValue Map<String, String> properties) {}

    /**
     * What the application decides about its pool; the settings or the driver decide everything else.
     *
     * @param maximumSize The largest number of connections. Overrides the settings.
     * @param minimumIdle How many idle connections the pool keeps. Overrides the settings.
     * @param connectionInitSql A statement that every new connection executes before a caller gets it.
     * @param autoCommit Whether a borrowed connection commits each statement.
     * @param readOnly Whether a borrowed connection is set to read-only.
     * @param transactionIsolation The isolation of a borrowed connection's transactions, such as repeatable-read.
     * @param schema The schema of a borrowed connection.
     * @param checkoutMeters Whether to measure each checkout under HikariCP's meter names (hikaricp.connections.acquire
     *     and others). Default: true if the application has a MeterRegistry.
     */
    public record Pool(
            @Nullable Integer maximumSize,
            @Nullable Integer minimumIdle,
            @Nullable String connectionInitSql,
            @Nullable Boolean autoCommit,
            @Nullable Boolean readOnly,
            @Nullable Isolation transactionIsolation,
            @Nullable String schema,
            @Nullable Boolean checkoutMeters) {
        /** All defaults. */
        public static final Pool UNSET = new Pool(null, null, null, null, null, null, null, null);
    }

    /** The isolation levels of JDBC that Postgres supports. */
    public enum Isolation {
        READ_UNCOMMITTED(Connection.TRANSACTION_READ_UNCOMMITTED),
        READ_COMMITTED(Connection.TRANSACTION_READ_COMMITTED),
        REPEATABLE_READ(Connection.TRANSACTION_REPEATABLE_READ),
        SERIALIZABLE(Connection.TRANSACTION_SERIALIZABLE);

        private final int level;

        Isolation(int level) {
            this.level = level;
        }

        /** The constant of {@link Connection}. */
        public int level() {
            return level;
        }
    }
}
