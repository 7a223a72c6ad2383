package dev.connectionregistry.samples.orders;

import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Orders in Postgres, by plain JDBC. Takes a connection for each piece of work and gives it back at once: that is all a
 * service has to do to be moved to another server. Thread-safe.
 */
final class OrderStore {
    private static final String COLUMNS = "id, item, quantity, placed_at";

    private final DataSource dataSource;

    @Inject
    OrderStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Asks first: a role that may not create tables can use one that is there. */
    void createTableIfMissing() {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("SELECT to_regclass('orders') IS NOT NULL")) {
                if (found.next() && found.getBoolean(1)) {
                    return;
                }
            }
            statement.execute("""
                    CREATE TABLE IF NOT EXISTS orders (
                      id uuid PRIMARY KEY,
                      item text NOT NULL,
                      quantity integer NOT NULL,
                      placed_at timestamptz NOT NULL
                    )
                    """);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot look for or create the table orders", e);
        }
    }

    /** Adds it, and tells every {@link OrderFeed} when it is committed. */
    void add(Order order) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        WITH placed AS (
                          INSERT INTO orders (%s)
                          VALUES (?, ?, ?, ?)
                          RETURNING id
                        )
                        SELECT pg_notify('%s', id::text)
                        FROM placed
                        """.formatted(COLUMNS, OrderFeed.CHANNEL))) {
            insert.setObject(1, order.id());
            insert.setString(2, order.item());
            insert.setInt(3, order.quantity());
            insert.setObject(4, order.placedAt().atOffset(ZoneOffset.UTC));
            insert.execute();
        }
    }

    Optional<Order> find(UUID id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT " + COLUMNS + " FROM orders WHERE id = ?")) {
            select.setObject(1, id);
            return read(select).stream().findFirst();
        }
    }

    /** The latest orders, newest first. */
    List<Order> latest(int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT " + COLUMNS + " FROM orders ORDER BY placed_at DESC, id LIMIT ?")) {
            select.setInt(1, limit);
            return read(select);
        }
    }

    private static List<Order> read(PreparedStatement select) throws SQLException {
        List<Order> orders = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                orders.add(new Order(
                        row.getObject("id", UUID.class),
                        row.getString("item"),
                        row.getInt("quantity"),
                        row.getObject("placed_at", OffsetDateTime.class).toInstant()));
            }
        }
        return orders;
    }
}
