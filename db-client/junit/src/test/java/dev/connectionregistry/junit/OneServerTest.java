package dev.connectionregistry.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.RegistryDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service whose work is in the database: one server under two names. */
class OneServerTest {
    @RegisterExtension
    static final RegistryExtension registry = RegistryExtension.builder()
            .database("jobs")
            .oneServer()
            .prepare(OneServerTest::migrate)
            .build();

    private static void migrate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE jobs (id int)");
        }
    }

    @Test
    void thePoolIsReplacedAndTheRowsAreThere() throws SQLException {
        try (RegistryDataSource dataSource = RegistryDataSource.builder()
                .registry(registry.registry())
                .database("jobs")
                .service("scheduler")
                .build()) {
            long generation = dataSource.status().generation();
            execute(dataSource, "INSERT INTO jobs VALUES (1)");
            registry.move("jobs", registry.second());
            assertThat(registry.current("jobs")).isEqualTo(registry.second());
            assertThat(dataSource.status().generation()).isGreaterThan(generation);
            assertThat(count(dataSource)).isEqualTo(1);
            registry.holdFor("jobs", Duration.ofMillis(50));
            registry.cutOver("jobs", registry.first(), Duration.ofMillis(50));
            assertThat(registry.current("jobs")).isEqualTo(registry.first());
            assertThat(count(dataSource)).isEqualTo(1);
        }
    }

    private static void execute(RegistryDataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(RegistryDataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM jobs")) {
            row.next();
            return row.getInt(1);
        }
    }
}
