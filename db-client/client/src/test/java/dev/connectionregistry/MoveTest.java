package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
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

    @Test
    void endsEverythingAlthoughTheClosingThreadIsInterruptedMeanwhile() throws Exception {
        registry.put("orders", Servers.settings(Servers.first()));
        RegistryDataSource dataSource = builder("interrupted").build();
        Connection inUse = dataSource.getConnection();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread closer = new Thread(() -> {
            dataSource.close();
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        closer.start();
        await().until(() -> dataSource.status().state() == InstanceState.STOPPED);
        closer.interrupt();
        await().during(Duration.ofMillis(200)).atMost(Duration.ofSeconds(5)).until(closer::isAlive);
        inUse.close();
        closer.join(20_000);
        assertThat(closer.isAlive()).isFalse();
        assertThat(stillInterrupted).isTrue();
        Leftovers.awaitNoThreads();
        assertThat(Servers.sessions(Servers.first(), "move-test/interrupted")).isZero();
    }
}
