package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.StubConnector;
import dev.connectionregistry.testing.ThrowAwayLoaders;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Applications that a container starts and stops, each with a class loader of its own. */
@Timeout(180)
class ThrowAwayLoadersTest {
    private static final int DATA_SOURCES = 40;

    /** What runs in each loader; public, since it is called from another. */
    public static final class Application implements Consumer<String> {
        @Override
        public void accept(String database) {
            for (int i = 0; i < DATA_SOURCES; i++) {
                InMemoryRegistry registry = new InMemoryRegistry();
                registry.put(
                        database,
                        ConnectionSettings.of(
                                Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:NOT_NEEDED")));
                try (RegistryDataSource dataSource = RegistryDataSource.builder()
                                .registry(registry)
                                .database(database)
                                .service("checkout")
                                .connector(new StubConnector())
                                .build();
                        Connection connection = dataSource.getConnection()) {
                    assertThat(connection.isClosed()).isFalse();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
            ThrowAwayLoaders.deregisterDrivers();
        }
    }

    @Test
    void nothingRemainsOfTwoHundredDataSourcesAlthoughTheirCallersLiveOn() throws Exception {
        ThrowAwayLoaders.requireNothingRemains(Application.class, "orders");
    }
}
