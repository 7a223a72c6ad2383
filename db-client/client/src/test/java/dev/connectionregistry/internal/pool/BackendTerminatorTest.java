package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.internal.pool.Connector.Ended;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.testing.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendTerminatorTest {
    @Test
    void leavesSessionsOfOthersAloneThatHaveTheSameNumberOnAnotherServer() throws SQLException {
        ConnectionSettings settings = Servers.settings(Servers.first());
        SecretResolvers secrets = new SecretResolvers(List.of(Servers.secrets()));
        try (Connection others = new PostgresConnector(secrets, "somebody-else").open(settings)) {
            assertThat(new PostgresConnector(secrets, "end-test").end(settings, List.of(others)))
                    .isEqualTo(new Ended(0, 0, 1));
            assertThat(others.isValid(5)).isTrue();
        }
    }
}
