package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static dev.connectionregistry.testing.Sources.awaitVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import dev.connectionregistry.testing.StubConnector;
import dev.connectionregistry.testing.WatchedRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators see of an instance. */
class ReportTest {
    private final InMemoryRegistry memory = new InMemoryRegistry();
    private final WatchedRegistry registry = new WatchedRegistry(memory);

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    private static ConnectionSettings stub(String host) {
        return Servers.settings(new Endpoint(host, 5432, "orders"));
    }

    private RegistryDataSourceBuilder builder() {
        return Sources.on(registry, "report").connector(new StubConnector()).heartbeat(Duration.ofMillis(200));
    }

    private InstanceReport last() {
        List<InstanceReport> reports = registry.reports();
        return reports.get(reports.size() - 1);
    }

    @Test
    void everyChangeIsReportedThenAHeartbeatThenTheEnd() {
        memory.put("orders", stub("first"));
        try (RegistryDataSource dataSource = builder().build()) {
            await().untilAsserted(() -> assertThat(last())
                    .returns(InstanceState.ACTIVE, InstanceReport::state)
                    .returns(1L, InstanceReport::version)
                    .returns("first:5432/orders", InstanceReport::endpoint)
                    .returns("faults/report", InstanceReport::name));
            awaitVersion(dataSource, memory.put("orders", stub("second")).version());
            await().untilAsserted(() -> assertThat(last())
                    .returns(2L, InstanceReport::version)
                    .returns("second:5432/orders", InstanceReport::endpoint));
            long sequence = last().sequence();
            await().until(() -> last().sequence() >= sequence + 3);
        }
        assertThat(last()).returns(InstanceState.STOPPED, InstanceReport::state);
        assertThat(registry.reports())
                .extracting(InstanceReport::sequence)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void withoutTheRightToWriteItWarnsOnceAndServesOn() throws Exception {
        memory.put("orders", stub("first"));
        registry.refuseReports(
                new RegistryException(RegistryException.Kind.DENIED, "the right dynamodb:PutItem is missing", null));
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = builder().build()) {
            await().until(() -> registry.refusedReports() >= 4);
            awaitVersion(dataSource, memory.put("orders", stub("second")).version());
            dataSource.getConnection().close();
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("operators will not see it", "dynamodb:PutItem is missing");
            assertThat(dataSource.status().problem()).isEmpty();
            registry.refuseReports(null);
            await().until(() -> !registry.reports().isEmpty());
            await().until(() -> log.at(Level.INFO).stream().anyMatch(line -> line.contains("can be written again")));
        }
    }

    @Test
    void twoDataSourcesOfOneNameBothSaySoUntilOneIsClosed() {
        memory.put("orders", stub("first"));
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource one = builder().build()) {
            try (RegistryDataSource other = builder().build()) {
                for (RegistryDataSource each : List.of(one, other)) {
                    awaitStatus(each, status -> status.problem()
                            .filter(problem -> problem.contains("another process reports as faults/report too"))
                            .isPresent());
                    assertThat(each.status().isServing()).isTrue();
                }
                await().until(() -> last().lastError()
                        .filter(error -> error.contains("instance(...) or REGISTRY_INSTANCE"))
                        .isPresent());
            }
            awaitStatus(one, status -> status.problem().isEmpty());
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains("overwrites the other's reports"))
                    .hasSize(2);
        }
    }

    @Test
    void sessionsOnTheServerSayWhoseTheyAre() {
        memory.put("orders", Servers.settings(Servers.first()));
        try (RegistryDataSource dataSource = Sources.on(registry, "who-am-i").build()) {
            assertThat(Servers.sessions(Servers.first(), "faults/who-am-i")).isPositive();
            assertThat(dataSource.status().isServing()).isTrue();
        }
        Sources.awaitNoSession(Servers.first(), "who-am-i");
    }
}
