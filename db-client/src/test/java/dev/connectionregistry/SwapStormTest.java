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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many swaps under many threads: nobody notices, and nothing is left. */
@Tag("storm")
class SwapStormTest {
    private static final int THREADS = 16;
    /** The first swaps load classes; what they cost is paid once in a process. */
    private static final int WARM_UP_SWAPS = 5;

    private static final long LONGEST_CHECKOUT_MILLIS = 250;

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
        try (RegistryDataSource dataSource = builder("real").build()) {
            load = Load.start(dataSource::getConnection, THREADS, (connection, number) -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SELECT 1");
                }
            });
            for (int swap = 1; swap <= 200; swap++) {
                LocalPostgres next = swap % 2 == 0 ? Servers.first() : Servers.second();
                moveTo(dataSource, Servers.settings(next));
                if (swap == WARM_UP_SWAPS) {
                    load.forgetLongestCheckout();
                }
            }
            load.stop();
        }
        assertThat(load.failures()).isEmpty();
        assertThat(load.longestCheckoutMillis()).isLessThanOrEqualTo(LONGEST_CHECKOUT_MILLIS);
        await().atMost(Duration.ofSeconds(15)).until(() -> Servers.sessions(Servers.first(), "storm/real") == 0);
        await().atMost(Duration.ofSeconds(15)).until(() -> Servers.sessions(Servers.second(), "storm/real") == 0);
        Leftovers.awaitNoThreads();
    }

    private void moveTo(RegistryDataSource dataSource, ConnectionSettings settings) {
        long version = registry.put("orders", settings).version();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(20))
                .until(() -> dataSource.status().version() == version);
    }
}
