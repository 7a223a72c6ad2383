package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static dev.connectionregistry.testing.Sources.awaitVersion;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.local.HostileDocuments;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import dev.connectionregistry.testing.StubConnector;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private static final String RAW = "\\p{Cc}|\\p{Cf}|\\p{Zl}|\\p{Zp}|\\p{Cs}";

    private final InMemoryRegistry registry = new InMemoryRegistry();

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    private static ConnectionSettings stub(String host) {
        return Servers.settings(new Endpoint(host, 5432, "orders"));
    }

    @Test
    void whatTheTableOrAServerSaysForgesNoLineAndMovesNoCursor() {
        StubConnector connector = new StubConnector();
        connector.refuse("refusing", new SQLException(HostileDocuments.POISON, "28P01"));
        registry.put("orders", stub("good"));
        List<String> lines = new ArrayList<>();
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource =
                        Sources.on(registry, "log").connector(connector).build()) {
            registry.put("orders", stub("refusing"));
            awaitStatus(dataSource, status -> status.problem()
                    .filter(problem -> problem.contains("evil"))
                    .isPresent());
            VersionedSettings good = registry.put("orders", stub("good"));
            awaitVersion(dataSource, good.version());
            Map<String, Object> removed = HostileDocuments.with(
                    SettingsCodec.toDocument(good), List.of("changedBy"), HostileDocuments.POISON);
            removed.put("removed", true);
            removed.put("version", 9L);
            registry.putDocument("orders", removed);
            awaitStatus(dataSource, status -> status.problem()
                    .filter(problem -> problem.contains("removed from the registry by evil"))
                    .isPresent());
            assertThat(dataSource.status().problem().orElseThrow()).doesNotContainPattern(RAW);
            lines.addAll(log.at(Level.INFO));
            lines.addAll(log.warnings());
        }
        assertThat(lines).anyMatch(line -> line.contains("evil")).allSatisfy(line -> assertThat(line)
                .doesNotContainPattern(RAW));
    }
}
