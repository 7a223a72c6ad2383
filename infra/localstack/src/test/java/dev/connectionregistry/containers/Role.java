package dev.connectionregistry.containers;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A role that services log in as, with the same password on both servers. The test must close it. */
final class Role implements AutoCloseable {
    private static final List<PostgreSQLContainer> SERVERS =
            List.of(Containers.oldPostgres(), Containers.newPostgres());

    private final String name = "app_" + UUID.randomUUID().toString().substring(0, 8);
    private String password = newPassword();

    private Role() {}

    static Role create() throws SQLException {
        Role role = new Role();
        role.everywhere("CREATE ROLE " + role.name + " LOGIN PASSWORD '" + role.password + "'");
        return role;
    }

    private static String newPassword() {
        return "pw-" + UUID.randomUUID();
    }

    String name() {
        return name;
    }

    String password() {
        return password;
    }

    /** As Secrets Manager keeps it for a database. */
    String json() {
        return "{\"username\":\"" + name + "\",\"password\":\"" + password + "\"}";
    }

    /** Another password, on both servers. */
    void changePassword() throws SQLException {
        password = newPassword();
        everywhere("ALTER ROLE " + name + " PASSWORD '" + password + "'");
    }

    void endSessions() throws SQLException {
        everywhere("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + name + "'");
    }

    /** Settings for {@code orders} on a server: 8 connections, polled every 50 ms. */
    ConnectionSettings settings(PostgreSQLContainer server, String passwordRef) {
        return ConnectionSettings.of(endpoint(server), name, SecretRef.parse(passwordRef))
                .withPool(PoolSettings.DEFAULT.withMaximumSize(8).withMinimumIdle(2))
                .withPolling(Polling.every(Duration.ofMillis(50)));
    }

    static Endpoint endpoint(PostgreSQLContainer server) {
        return new Endpoint(
                server.getHost(), server.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT), server.getDatabaseName());
    }

    private void everywhere(String sql) throws SQLException {
        for (PostgreSQLContainer server : SERVERS) {
            try (Connection connection = DriverManager.getConnection(
                            server.getJdbcUrl(), server.getUsername(), server.getPassword());
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        endSessions();
        everywhere("DROP ROLE " + name);
    }
}
