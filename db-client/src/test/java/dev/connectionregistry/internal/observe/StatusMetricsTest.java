package dev.connectionregistry.internal.observe;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusMetricsTest {
    @Test
    void aServiceStartsAlsoWhereItsMetersAreRefused() {
        SimpleMeterRegistry refusing = new SimpleMeterRegistry() {
            @Override
            protected <T> Gauge newGauge(Meter.Id id, @Nullable T object, ToDoubleFunction<T> value) {
                throw new IllegalArgumentException("no such meter");
            }
        };
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", Servers.settings(Servers.first()));
        Metrics.addRegistry(refusing);
        try {
            assertThatCode(() -> RegistryDataSource.builder()
                            .registry(registry)
                            .database("orders")
                            .service("metrics-test")
                            .secrets(Servers.secrets())
                            .build()
                            .close())
                    .doesNotThrowAnyException();
        } finally {
            Metrics.removeRegistry(refusing);
        }
        Leftovers.awaitNoThreads();
    }
}
