package dev.connectionregistry.samples.micronaut;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.junit.RegistryExtension;
import dev.connectionregistry.junit.TestServer;
import dev.connectionregistry.registry.SettingsRegistry;
import io.micronaut.context.ApplicationContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Micronaut application context whose service is moved and held. */
class OrdersTest {
    @RegisterExtension
    static final RegistryExtension registry = RegistryExtension.builder()
            .database("orders")
            .prepare(OrdersTest::migrate)
            .build();

    private static void migrate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (item text)");
        }
    }

    @Test
    void theBeanFollowsAMoveAndAHoldAndIsClosedWithTheContext() throws SQLException {
        try (ApplicationContext context = ApplicationContext.builder()
                .properties(Map.of(
                        "connection-registry.database", "orders",
                        "micronaut.application.name", "shop"))
                .singletons(registry.registry())
                .start()) {
            assertThat(context.getBean(SettingsRegistry.class)).isSameAs(registry.registry());
            Orders orders = context.getBean(Orders.class);
            orders.place("tea");
            registry.move("orders", registry.second());
            orders.place("coffee");
            registry.holdFor("orders", Duration.ofMillis(50));
            orders.place("milk");
        }
        assertThat(registry.fleet("orders")).as("it said that it stopped").isEmpty();
        assertThat(rows(registry.first())).isEqualTo(1);
        assertThat(rows(registry.second())).isEqualTo(2);
    }

    private static int rows(TestServer server) throws SQLException {
        try (Connection connection = server.connect(registry.postgresName("orders"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM orders")) {
            row.next();
            return row.getInt(1);
        }
    }
}
