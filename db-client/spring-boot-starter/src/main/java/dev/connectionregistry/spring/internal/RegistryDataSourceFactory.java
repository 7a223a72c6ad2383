package dev.connectionregistry.spring.internal;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.RegistryDataSourceBuilder;
import dev.connectionregistry.pool.PoolOptions;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.spring.DatabaseProperties;
import dev.connectionregistry.spring.DatabaseProperties.Isolation;
import dev.connectionregistry.spring.RegistryDataSourceCustomizer;
import dev.connectionregistry.spring.RegistryProperties;
import dev.connectionregistry.status.StartException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** Starts the data sources of the application. */
class RegistryDataSourceFactory {
    private static final String METERS = "io.micrometer.core.instrument.MeterRegistry";

    private static final Logger LOG = LoggerFactory.getLogger(RegistryDataSourceFactory.class);
    /** Flyway uses up to three connections, Liquibase one. */
    private static final int MIGRATION_POOL = 4;

    private static final int LONGEST_NAME = 63;

    private final ConfiguredDatabases databases;
    private final Environment environment;
    private final ConfigurableListableBeanFactory beans;
    private final ObjectProvider<SettingsRegistry> registry;
    private final ObjectProvider<StatedConnection.Source> stated;
    private final StatusEvents events;

    /**
     * A data source couldn't start.
     *
     * <p>Has the registry's answer, so that the advice fits.
     */
    static final class StartFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ReadResult read;

        StartFailedException(StartException cause, ReadResult read) {
            super(cause.getMessage(), cause);
            this.read = read;
        }

        /** The registry's answer right after the failure. */
        ReadResult read() {
            return read;
        }
    }

    RegistryDataSourceFactory(
            ConfiguredDatabases databases,
            Environment environment,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<SettingsRegistry> registry,
            ObjectProvider<StatedConnection.Source> stated,
            StatusEvents events) {
        this.databases = databases;
        this.environment = environment;
        this.beans = beans;
        this.registry = registry;
        this.stated = stated;
        this.events = events;
    }

    /**
     * Starts the data source with this name; it is ready for use when this returns. The container closes it.
     *
     * @throws InvalidSettingsException naming everything that is wrong in the properties
     * @throws StartFailedException if it can't start
     */
    RegistryDataSource start(String name) {
        Optional<StatedConnection> connection = name.equals(databases.primary()) ? connection() : Optional.empty();
        connection.ifPresent(details -> LOG.warn(
                "{} does not follow the registry: a JdbcConnectionDetails bean, such as that of a test container or"
                        + " Docker Compose, names {}",
                name,
                details));
        return build(name, databases.named(name), connection, builder -> builder.listener(events.of(name)));
    }

    /**
     * The data source of Flyway or Liquibase.
     *
     * @param tool the name of a {@link MigrationTool}
     * @throws InvalidSettingsException if the properties have a role without a password
     */
    MigrationDataSource migrations(String tool) {
        RegistryProperties.Migration migration = RegistryDataSourceRegistrar.migration(environment);
        Optional<MigrationTool.Role> role = connection().isPresent()
                ? Optional.empty()
                : MigrationTool.valueOf(tool).role(migration, environment);
        Supplier<RegistryDataSource> source = role.isPresent()
                ? () -> startMigrations(MigrationTool.valueOf(tool), role.get())
                : () -> beans.getBean(ConfiguredDatabases.beanName(databases.primary()), RegistryDataSource.class);
        return new MigrationDataSource(source, role.isPresent(), migration.cutoverTimeout());
    }

    private RegistryDataSource startMigrations(MigrationTool tool, MigrationTool.Role role) {
        return build(tool.toString(), databases.named(databases.primary()), Optional.empty(), builder -> {
            role.resolver().ifPresent(builder::secrets);
            Optional.ofNullable(databases.named(databases.primary()).instance())
                    .ifPresent(process -> builder.instance(beside(process, "-" + tool)));
            builder.pool(PoolOptions.DEFAULT.withMaximumSize(MIGRATION_POOL).withMinimumIdle(1))
                    .credentials(role.username(), role.password());
        });
    }

    /**
     * Makes names differ: two data sources for one database and service that report under one name would hide each
     * other.
     */
    private static String beside(String instance, String suffix) {
        return instance.substring(0, Math.min(instance.length(), LONGEST_NAME - suffix.length())) + suffix;
    }

    /** The connection that replaces the registry for the primary database, if there is one. */
    private Optional<StatedConnection> connection() {
        return stated.orderedStream()
                .map(StatedConnection.Source::get)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private RegistryDataSource build(
            String name,
            DatabaseProperties properties,
            Optional<StatedConnection> connection,
            Consumer<RegistryDataSourceBuilder> more) {
        String database = String.valueOf(properties.database());
        SettingsRegistry settings = connection
                .<SettingsRegistry>map(details -> details.registry(database))
                .orElseGet(registry::getObject);
        RegistryDataSourceBuilder builder =
                RegistryDataSource.builder().registry(settings).database(database);
        stated(builder, properties);
        beans.getBeanProvider(SecretResolver.class).orderedStream().forEach(builder::secrets);
        connection.ifPresentOrElse(details -> instead(builder, details), () -> {
            outage(builder, properties);
            bounds(builder, properties);
        });
        more.accept(builder);
        beans.getBeanProvider(RegistryDataSourceCustomizer.class)
                .orderedStream()
                .forEach(each -> each.customize(name, builder));
        try {
            return builder.build();
        } catch (StartException e) {
            throw new StartFailedException(e, settings.read(new DatabaseName(database)));
        }
    }

    /**
     * Drops bounds, which are for what others write into the registry, and the snapshot, since a test must not leave
     * one.
     */
    private static void instead(RegistryDataSourceBuilder builder, StatedConnection details) {
        builder.secrets(details);
        details.properties().forEach((property, value) -> builder.allowDriverProperties(property + "=" + value));
    }

    private void stated(RegistryDataSourceBuilder builder, DatabaseProperties properties) {
        Problems problems = new Problems();
        problems.require(
                properties.service() != null,
                "neither '" + DatabaseProperties.PREFIX + ".service' nor '" + ConfiguredDatabases.APPLICATION_NAME
                        + "' is set");
        DatabaseProperties.Fallback fallback = properties.fallback();
        if (fallback != null) {
            problems.attempt(() -> settings(fallback));
        }
        PoolOptions pool = problems.attempt(() -> options(properties.pool()));
        problems.throwIfAny();
        builder.service(Objects.requireNonNull(properties.service()));
        builder.pool(Objects.requireNonNull(pool));
        Optional.ofNullable(properties.instance()).ifPresent(builder::instance);
        Optional.ofNullable(properties.startTimeout()).ifPresent(builder::startTimeout);
        Optional.ofNullable(properties.heartbeat()).ifPresent(builder::heartbeat);
        Optional.ofNullable(properties.closeGrace()).ifPresent(builder::closeGrace);
    }

    private static void outage(RegistryDataSourceBuilder builder, DatabaseProperties properties) {
        Optional.ofNullable(properties.fallback())
                .map(RegistryDataSourceFactory::settings)
                .ifPresent(builder::fallback);
        Optional.ofNullable(properties.snapshot()).ifPresent(builder::snapshot);
    }

    private static void bounds(RegistryDataSourceBuilder builder, DatabaseProperties properties) {
        Optional.ofNullable(properties.allowEndpoints())
                .ifPresent(allowed -> builder.allowEndpoints(allowed.toArray(String[]::new)));
        Optional.ofNullable(properties.allowSecrets())
                .ifPresent(allowed -> builder.allowSecrets(allowed.toArray(String[]::new)));
        Optional.ofNullable(properties.requireTls()).ifPresent(builder::requireTls);
        Optional.ofNullable(properties.allowDriverProperties())
                .ifPresent(allowed -> builder.allowDriverProperties(allowed.toArray(String[]::new)));
        if (Boolean.TRUE.equals(properties.allowCleartextPasswords())) {
            builder.allowCleartextPasswords();
        }
    }

    private static ConnectionSettings settings(DatabaseProperties.Fallback fallback) {
        if (fallback.endpoint() == null || fallback.username() == null || fallback.passwordRef() == null) {
            throw new InvalidSettingsException(
                    "'" + DatabaseProperties.PREFIX + ".fallback' needs endpoint, username and password-ref");
        }
        return ConnectionSettings.of(
                        Endpoint.parse(fallback.endpoint()),
                        fallback.username(),
                        SecretRef.parse(fallback.passwordRef()))
                .withProperties(fallback.properties());
    }

    private PoolOptions options(DatabaseProperties.@Nullable Pool stated) {
        DatabaseProperties.Pool pool = Objects.requireNonNullElse(stated, DatabaseProperties.Pool.UNSET);
        PoolOptions options = PoolOptions.DEFAULT;
        options = with(options, pool.maximumSize(), PoolOptions::withMaximumSize);
        options = with(options, pool.minimumIdle(), PoolOptions::withMinimumIdle);
        options = with(options, pool.connectionInitSql(), PoolOptions::withConnectionInitSql);
        options = with(options, pool.autoCommit(), PoolOptions::withAutoCommit);
        options = with(options, pool.readOnly(), PoolOptions::withReadOnly);
        Isolation isolation = pool.transactionIsolation();
        options = with(options, isolation == null ? null : isolation.level(), PoolOptions::withTransactionIsolation);
        options = with(options, pool.schema(), PoolOptions::withSchema);
        boolean meters = pool.checkoutMeters() == null ? hasMeterRegistry() : pool.checkoutMeters();
        return meters ? options.withCheckoutMeters() : options;
    }

    private static <T> PoolOptions with(
            PoolOptions options, @Nullable T value, BiFunction<PoolOptions, T, PoolOptions> change) {
        return value == null ? options : change.apply(options, value);
    }

    /** An application with Spring Boot's metrics gets HikariCP's meters by default. */
    private boolean hasMeterRegistry() {
        ClassLoader loader = getClass().getClassLoader();
        return ClassUtils.isPresent(METERS, loader)
                && beans.getBeanNamesForType(ClassUtils.resolveClassName(METERS, loader), true, false).length > 0;
    }
}
