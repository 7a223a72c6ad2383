package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.testing.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Moves between two real servers. */
class MoveTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();

    private RegistryDataSourceBuilder builder(String instance) {
        return RegistryDataSource.builder()
                .registry(registry)
                .database("orders")
                .service("move-test")
                .instance(instance)
                .secrets(Servers.secrets());
    }

    @Test
    void followsTheEndpointInTheRegistry() throws SQLException {
        registry.put("orders", Servers.settings(Servers.first()));
        try (RegistryDataSource dataSource = builder("follows").build()) {
            try (Connection connection = dataSource.getConnection()) {
                assertThat(Servers.major(connection)).isEqualTo(17);
            }
            registry.put("orders", Servers.settings(Servers.second()));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> dataSource.status().version() == 2);
            try (Connection connection = dataSource.getConnection()) {
                assertThat(Servers.major(connection)).isEqualTo(18);
            }
            assertThat(dataSource.status().state()).isEqualTo(InstanceState.ACTIVE);
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Servers.sessions(Servers.first(), "move-test/follows")
                                + Servers.sessions(Servers.second(), "move-test/follows")
                        == 0);
    }
}
