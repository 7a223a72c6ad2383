package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Driver properties of the settings that the driver or the pool would otherwise take back. */
@Timeout(60)
class SessionPropertiesTest {
    private static RegistryDataSource open(Map<String, String> properties) {
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", Servers.settings(Servers.first()).withProperties(properties));
        return Sources.on(registry, "session-properties").build();
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c TimeZone=Asia/Tokyo", "-c timezone=UTC --timezone=Asia/Tokyo", "-cTIMEZONE=Asia/Tokyo"})
    void aTimeZoneInOptionsCountsForMoreThanThatOfTheJvm(String options) throws SQLException {
        try (RegistryDataSource dataSource = open(Map.of("options", options));
                Connection connection = dataSource.getConnection()) {
            assertThat(one(connection, "SHOW TIME ZONE")).isEqualTo("Asia/Tokyo");
        }
    }

    @Test
    void aTimeZoneThatTheServerDoesNotKnowIsSaid() {
        assertThatThrownBy(() -> open(Map.of("options", "-c timezone=Nowhere/At_all")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("Nowhere/At_all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction", "always"})
    void readOnlyConnectionsStaySoAndTheirServerIsAPrimaryAllTheSame(String mode) throws SQLException {
        try (RegistryDataSource dataSource = open(Map.of("readOnly", "true", "readOnlyMode", mode))) {
            for (int borrowed = 1; borrowed <= 2; borrowed++) {
                try (Connection connection = dataSource.getConnection()) {
                    assertThat(connection.isReadOnly()).isTrue();
                    connection.setAutoCommit(false);
                    assertThat(one(connection, "SHOW transaction_read_only")).isEqualTo("on");
                    connection.rollback();
                    connection.setReadOnly(false);
                }
            }
        }
    }
}
