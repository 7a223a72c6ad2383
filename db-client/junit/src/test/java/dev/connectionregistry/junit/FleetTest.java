package dev.connectionregistry.junit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What counts as a move; the instance is only a report here. */
class FleetTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final ConnectionSettings SETTINGS =
            ConnectionSettings.of(Endpoint.parse("old:5432/orders"), "app", SecretRef.parse("env:PW"));

    private final InMemoryRegistry registry = new InMemoryRegistry();

    @Test
    void aServiceThatDisappearsDuringAMoveHasNotMoved() {
        registry.put("orders", SETTINGS);
        InstanceReport alive = InstanceReport.builder(ORDERS, "checkout", "a")
                .state(InstanceState.ACTIVE)
                .version(1)
                .acknowledgedVersion(1)
                .heartbeat(Duration.ofMillis(300)) // it is silent after three
                .reportedAt(Instant.now())
                .build();
        registry.report(alive);
        Fleet fleet = new Fleet(registry, ORDERS, Duration.ofSeconds(2), Duration.ofSeconds(1));
        assertThatThrownBy(() -> fleet.move(SETTINGS.withEndpoint(Endpoint.parse("new:5432/orders"))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("did not serve from new:5432/orders within 2000 ms: no live instance is left");
    }
}
