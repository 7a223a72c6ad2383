package dev.connectionregistry.samples.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.junit.RegistryExtension;
import dev.connectionregistry.junit.TestServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** The application under Quarkus, moved and held while it writes. */
@QuarkusTest
@WithTestResource(Registry.class)
@SuppressWarnings("NullAway.Init") // Quarkus sets the fields
class OrdersTest {
    @Inject
    Orders orders;

    @Inject
    Flyway flyway;

    RegistryExtension registry;

    @Test
    void theApplicationFollowsAMoveAHoldAndACutover() throws Exception {
        assertThat(flyway.info().current().getVersion().getVersion()).isEqualTo("1");
        orders.place("tea");
        assertThat(rows(registry.first())).isEqualTo(1);

        migrateOnTheSecond();
        registry.move("orders", registry.second());
        orders.place("coffee");
        registry.holdFor("orders", Duration.ofMillis(50));
        orders.place("milk");
        assertThat(orders.count()).isEqualTo(2);

        registry.cutOver("orders", registry.first(), Duration.ofMillis(50));
        orders.place("sugar");
        assertThat(rows(registry.first())).isEqualTo(2);
        assertThat(rows(registry.second())).isEqualTo(2);
    }

    /** Nothing replicates here. */
    private void migrateOnTheSecond() throws SQLException {
        try (Connection connection = registry.second().connect(registry.postgresName("orders"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, item text)");
            statement.execute("GRANT ALL ON orders TO public");
        }
    }

    private long rows(TestServer server) throws SQLException {
        try (Connection connection = server.connect(registry.postgresName("orders"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM orders")) {
            row.next();
            return row.getLong(1);
        }
    }
}
