package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DefaultInstanceTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();

    private RegistryDataSource build() {
        return RegistryDataSource.builder()
                .registry(registry)
                .database("orders")
                .service("twins")
                .connector(new StubConnector())
                .build();
    }

    @Test
    void twoDataSourcesOfOneProcessDoNotReportUnderOneName() {
        registry.put("orders", Servers.settings(new Endpoint("old", 5432, "orders")));
        try (RegistryDataSource one = build();
                RegistryDataSource other = build()) {
            String process = String.valueOf(ProcessHandle.current().pid());
            assertThat(one.status().instance()).endsWith("-" + process);
            assertThat(other.status().instance()).isEqualTo(one.status().instance() + "-2");
            Awaitility.await().untilAsserted(() -> assertThat(registry.fleet(new DatabaseName("orders")))
                    .extracting(InstanceReport::instance)
                    .contains(one.status().instance(), other.status().instance()));
        }
    }
}
