package dev.connectionregistry.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.RegistryDataSourceBuilder;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Binds {@link RegistryDataSource} and {@link DataSource} to one data source, started when it is first injected. Whoever
 * makes the injector closes it: {@code injector.getInstance(RegistryDataSource.class).close()}.
 *
 * <pre>{@code
 * Injector injector = Guice.createInjector(RegistryDataSourceModule.fromEnvironment());
 * }</pre>
 */
public final class RegistryDataSourceModule extends AbstractModule {
    private final Supplier<RegistryDataSource> dataSource;

    private RegistryDataSourceModule(Supplier<RegistryDataSource> dataSource) {
        this.dataSource = dataSource;
    }

    /** From environment variables; see {@link RegistryDataSource#fromEnvironment}. */
    public static RegistryDataSourceModule fromEnvironment() {
        return new RegistryDataSourceModule(RegistryDataSource::fromEnvironment);
    }

    /** From a builder. */
    public static RegistryDataSourceModule of(RegistryDataSourceBuilder builder) {
        return new RegistryDataSourceModule(builder::build);
    }

    @Provides
    @Singleton
    RegistryDataSource registryDataSource() {
        return dataSource.get();
    }

    @Provides
    DataSource dataSource(RegistryDataSource started) {
        return started;
    }
}
