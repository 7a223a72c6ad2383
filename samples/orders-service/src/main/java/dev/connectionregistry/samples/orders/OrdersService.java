package dev.connectionregistry.samples.orders;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import dev.connectionregistry.RegistryDataSource;
import io.javalin.Javalin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service: the injector's objects behind an HTTP port. The caller owns it and must {@link #close} it. */
final class OrdersService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OrdersService.class);

    private final Javalin server;
    private final RegistryDataSource dataSource;
    private final OrderFeed feed;

    private OrdersService(Javalin server, RegistryDataSource dataSource, OrderFeed feed) {
        this.server = server;
        this.dataSource = dataSource;
        this.feed = feed;
    }

    /**
     * Opens the data source, makes the table if it is missing, and listens.
     *
     * @param host the address to listen on; 0.0.0.0 for all
     * @param port 0 for any free one
     * @param registry binds the {@link RegistryDataSource}
     */
    static OrdersService start(String host, int port, Module registry) {
        Injector injector = Guice.createInjector(registry);
        RegistryDataSource dataSource = injector.getInstance(RegistryDataSource.class);
        try {
            injector.getInstance(OrderStore.class).createTableIfMissing();
            OrderFeed feed = new OrderFeed(
                    order -> LOG.info("Order {} was placed, here or elsewhere", order),
                    () -> LOG.info("Listening for orders; earlier ones are in the table"));
            dataSource.addListener(feed);
            feed.start(dataSource);
            return new OrdersService(injector.getInstance(OrdersApi.class).listen(host, port), dataSource, feed);
        } catch (RuntimeException e) {
            dataSource.close();
            throw e;
        }
    }

    int port() {
        return server.port();
    }

    /** No new requests, those in progress end, the feed gives its connection back, then the pool is closed. */
    @Override
    public void close() {
        server.stop();
        feed.close();
        dataSource.close();
    }
}
