package dev.connectionregistry.testing;

import static org.awaitility.Awaitility.await;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.RegistryDataSourceBuilder;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.status.DataSourceStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/** Data sources for {@code orders}, and waiting for what becomes of them. */
public final class Sources {
    /** The service's name; sessions are called {@code faults/INSTANCE}. */
    public static final String SERVICE = "faults";

    private static final Duration LONG = Duration.ofSeconds(30);

    private Sources() {}

    /** A builder for {@code orders} that finds the passwords of {@link Servers}. */
    public static RegistryDataSourceBuilder on(SettingsRegistry registry, String instance) {
        return RegistryDataSource.builder()
                .registry(registry)
                .database("orders")
                .service(SERVICE)
                .instance(instance)
                .secrets(Servers.secrets());
    }

    /** Waits until the status is as wanted. */
    public static void awaitStatus(RegistryDataSource dataSource, Predicate<DataSourceStatus> wanted) {
        await().pollInterval(Duration.ofMillis(10)).atMost(LONG).until(dataSource::status, wanted);
    }

    /** Waits until a version is served. */
    public static void awaitVersion(RegistryDataSource dataSource, long version) {
        awaitStatus(dataSource, status -> status.version() == version);
    }

    /** Borrows connections and runs a statement on each, whatever comes of it, until this generation serves. */
    public static void useUntilGeneration(RegistryDataSource dataSource, long generation) {
        await().pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofMinutes(2))
                .until(() -> {
                    useQuietly(dataSource);
                    return dataSource.status().generation() >= generation;
                });
    }

    /** Borrows a connection and runs a statement on it, whatever comes of it. */
    public static void useQuietly(RegistryDataSource dataSource) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        } catch (SQLException e) {
            // a session was ended, or none can be had now; what matters is where it leads
        }
    }

    /** Waits until no session of an instance is left on a server. */
    public static void awaitNoSession(LocalPostgres server, String instance) {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(LONG)
                .until(() -> Servers.sessions(server, SERVICE + "/" + instance) == 0);
    }

    /** Waits for a latch; an interrupt ends the wait. */
    public static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
