package dev.connectionregistry.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.RegistryDataSourceBuilder;
import dev.connectionregistry.pool.PoolOptions;
import dev.connectionregistry.settings.Tls;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Binds {@link RegistryDataSource} and {@link DataSource} to one data source, which starts when it is first injected.
 * The code that creates the injector closes it: {@code injector.getInstance(RegistryDataSource.class).close()}.
 *
 * <pre>{@code
 * Injector injector = Guice.createInjector(RegistryDataSourceModule.fromEnvironment()
 *         .allowEndpoints("*.internal:5432")
 *         .requireTls(Tls.VERIFY_FULL));
 * }</pre>
 *
 * <p>Not thread-safe until it is installed.
 */
public final class RegistryDataSourceModule extends AbstractModule {
    private final Supplier<RegistryDataSourceBuilder> builder;
    private final List<Consumer<RegistryDataSourceBuilder>> statements = new ArrayList<>();

    private RegistryDataSourceModule(Supplier<RegistryDataSourceBuilder> builder) {
        this.builder = builder;
    }

    /** From environment variables; see {@link RegistryDataSource#fromEnvironment}. */
    public static RegistryDataSourceModule fromEnvironment() {
        return new RegistryDataSourceModule(RegistryDataSource::builderFromEnvironment);
    }

    /** From a builder. */
    public static RegistryDataSourceModule of(RegistryDataSourceBuilder builder) {
        return new RegistryDataSourceModule(() -> builder);
    }

    /** See {@link RegistryDataSourceBuilder#allowEndpoints}. */
    public RegistryDataSourceModule allowEndpoints(String... patterns) {
        return with(building -> building.allowEndpoints(patterns));
    }

    /** See {@link RegistryDataSourceBuilder#allowSecrets}. */
    public RegistryDataSourceModule allowSecrets(String... patterns) {
        return with(building -> building.allowSecrets(patterns));
    }

    /** See {@link RegistryDataSourceBuilder#requireTls}. */
    public RegistryDataSourceModule requireTls(Tls least) {
        return with(building -> building.requireTls(least));
    }

    /** See {@link RegistryDataSourceBuilder#allowCleartextPasswords}. */
    public RegistryDataSourceModule allowCleartextPasswords() {
        return with(RegistryDataSourceBuilder::allowCleartextPasswords);
    }

    /** See {@link RegistryDataSourceBuilder#allowDriverProperties}. */
    public RegistryDataSourceModule allowDriverProperties(String... properties) {
        return with(building -> building.allowDriverProperties(properties));
    }

    /** See {@link RegistryDataSourceBuilder#pool}. */
    public RegistryDataSourceModule pool(PoolOptions options) {
        return with(building -> building.pool(options));
    }

    private RegistryDataSourceModule with(Consumer<RegistryDataSourceBuilder> statement) {
        statements.add(statement);
        return this;
    }

    @Provides
    @Singleton
    RegistryDataSource registryDataSource() {
        RegistryDataSourceBuilder building = builder.get();
        statements.forEach(statement -> statement.accept(building));
        return building.build();
    }

    @Provides
    DataSource dataSource(RegistryDataSource started) {
        return started;
    }
}
