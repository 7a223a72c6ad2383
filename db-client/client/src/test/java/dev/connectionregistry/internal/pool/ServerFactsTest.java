package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.testing.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerFactsTest {
    private final PostgresConnector connector =
            new PostgresConnector(new SecretResolvers(List.of(Servers.secrets())), "facts-test");

    @ParameterizedTest
    @ValueSource(ints = {11, 13})
    void olderServersSayWhoTheyAreToAnOrdinaryRole(int major) throws SQLException {
        try (LocalPostgres server = LocalPostgres.start(major)) {
            Servers.prepare(server);
            assertThat(identity(Servers.settings(server)).systemIdentifier()).isPresent();
        }
    }

    @Test
    void eachServerHasAnIdentityOfItsOwnAndTellsTheSameOneAgain() throws SQLException {
        ServerIdentity first = identity(Servers.settings(Servers.first()));
        assertThat(first.systemIdentifier().orElseThrow()).matches("\\d{10,20}");
        assertThat(first.database()).isEqualTo("orders");
        assertThat(first.databaseOid()).isPositive();
        assertThat(first)
                .isEqualTo(identity(Servers.settings(Servers.first())))
                .isNotEqualTo(identity(Servers.settings(Servers.second())));
    }

    @Test
    void aRoleThatMayNotAskForTheSystemIdentifierIsServedAllTheSame() throws SQLException {
        ConnectionSettings settings = Servers.settings(Servers.second());
        Servers.second().execute("orders", "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_control_system() FROM PUBLIC");
        try {
            ServerIdentity identity = identity(settings);
            assertThat(identity.systemIdentifier()).isEmpty();
            assertThat(identity.serverStartedAt()).isNotNull();
        } finally {
            Servers.second().execute("orders", "GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO PUBLIC");
        }
    }

    private ServerIdentity identity(ConnectionSettings settings) throws SQLException {
        Connector.Reached reached = connector.openWritable(settings);
        try (Connection connection = reached.connection()) {
            assertThat(connection.isValid(5)).isTrue();
            return reached.server().orElseThrow();
        }
    }
}
