package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Load;
import dev.connectionregistry.testing.Servers;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many swaps under many threads: nobody notices, and nothing is left. */
@Tag("storm")
class SwapStormTest {
    private static final int THREADS = 16;
    /** The first swaps load classes; what they cost is paid once in a process. */
    private static final int WARM_UP_SWAPS = 6;

    private static final int SWAPS = 200;
    /** Threads that never pause would keep a small machine from opening the next pool. */
    private static final long PAUSE_NANOS = 1_000_000;

    private final InMemoryRegistry registry = new InMemoryRegistry();

    private RegistryDataSourceBuilder builder(String instance) {
        return RegistryDataSource.builder()
                .registry(registry)
                .database("orders")
                .service("storm")
                .instance(instance)
                .secrets(Servers.secrets());
    }

    @Test
    void twoHundredSwapsBetweenRealServersFailAndStallNobody() {
        registry.put("orders", Servers.settings(Servers.first()));
        Load load;
        long allowed;
        try (RegistryDataSource dataSource = builder("real").build()) {
            load = Load.start(dataSource::getConnection, THREADS, (connection, number) -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SELECT 1");
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            });
            swap(dataSource, WARM_UP_SWAPS);
            allowed = load.longestCheckoutAllowedMillis(20_000);
            swap(dataSource, SWAPS);
            load.stop();
        }
        assertThat(load.failures()).isEmpty();
        assertThat(load.longestCheckoutMillis()).isLessThanOrEqualTo(allowed);
        await().atMost(Duration.ofSeconds(15)).until(() -> Servers.sessions(Servers.first(), "storm/real") == 0);
        await().atMost(Duration.ofSeconds(15)).until(() -> Servers.sessions(Servers.second(), "storm/real") == 0);
        Leftovers.awaitNoThreads();
    }

    private void swap(RegistryDataSource dataSource, int times) {
        for (int swap = 1; swap <= times; swap++) {
            LocalPostgres next = swap % 2 == 0 ? Servers.first() : Servers.second();
            moveTo(dataSource, Servers.settings(next));
        }
    }

    private void moveTo(RegistryDataSource dataSource, ConnectionSettings settings) {
        long version = registry.put("orders", settings).version();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(20))
                .until(() -> dataSource.status().version() == version);
    }
}
