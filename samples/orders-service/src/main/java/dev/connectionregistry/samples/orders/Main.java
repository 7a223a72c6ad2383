package dev.connectionregistry.samples.orders;

import com.google.inject.Module;
import dev.connectionregistry.guice.RegistryDataSourceModule;
import dev.connectionregistry.status.StartException;
import io.javalin.util.JavalinBindException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Starts the service from the environment: {@code HOST} (default 127.0.0.1) and {@code PORT} (default 8080) are its own;
 * {@code REGISTRY_DATABASE}, {@code REGISTRY_SERVICE} and {@code REGISTRY_TABLE} say which settings it follows; the AWS variables say where the
 * registry is. There is no database host in its configuration: that is the point.
 */
public final class Main {

    private Main() {}

    /** Serves until the process is asked to end. */
    public static void main(String[] arguments) throws InterruptedException {
        Module registry = RegistryDataSourceModule.fromEnvironment();
        String host = host(System.getenv("HOST"));
        OrdersService service;
        try {
            service = OrdersService.start(host, port(System.getenv("PORT")), registry);
        } catch (RuntimeException e) {
            System.err.println("orders-service: " + explained(e).orElseThrow(() -> e));
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(service::close, "close"));
        System.err.println("orders-service listens on http://" + host + ":" + service.port());
        new CountDownLatch(1).await();
    }

    /** What whoever starts the service can fix, in one line; empty if it is an error of the program's. */
    static Optional<String> explained(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            boolean forUsers = each instanceof StartException
                    || each instanceof IllegalArgumentException
                    || each instanceof JavalinBindException;
            if (forUsers) {
                return Optional.of(String.valueOf(each.getMessage()).replaceAll("\\s*\\R\\s*", " "));
            }
        }
        return Optional.empty();
    }

    static String host(@Nullable String value) {
        return value == null || value.isBlank() ? "127.0.0.1" : value.strip();
    }

    static int port(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return 8080;
        }
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65_535) {
            throw new IllegalArgumentException("PORT is '" + value + "'; write a number from 0 (any) to 65535");
        }
        return Integer.parseInt(value);
    }
}
