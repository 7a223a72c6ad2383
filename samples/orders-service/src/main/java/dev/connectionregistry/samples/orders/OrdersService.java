package dev.connectionregistry.samples.orders;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import dev.connectionregistry.RegistryDataSource;
import io.javalin.Javalin;

/** The running service: the injector's objects behind an HTTP port. The caller owns it and must {@link #close} it. */
final class OrdersService implements AutoCloseable {
    private final Javalin server;
    private final RegistryDataSource dataSource;

    private OrdersService(Javalin server, RegistryDataSource dataSource) {
        this.server = server;
        this.dataSource = dataSource;
    }

    /**
     * Opens the data source, makes the table if it is missing, and listens.
     *
     * @param port 0 for any free one
     * @param registry binds the {@link RegistryDataSource}
     */
    static OrdersService start(int port, Module registry) {
        Injector injector = Guice.createInjector(registry);
        RegistryDataSource dataSource = injector.getInstance(RegistryDataSource.class);
        try {
            injector.getInstance(OrderStore.class).createTableIfMissing();
            return new OrdersService(injector.getInstance(OrdersApi.class).listen(port), dataSource);
        } catch (RuntimeException e) {
            dataSource.close();
            throw e;
        }
    }

    int port() {
        return server.port();
    }

    /** No new requests, those in progress end, then the pool is closed. */
    @Override
    public void close() {
        server.stop();
        dataSource.close();
    }
}
