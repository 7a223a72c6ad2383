package dev.connectionregistry.samples.fleet.instance;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * Turns that borrow a connection, work in the service's tables, and give it back; an order counts as acknowledged only after its
 * commit came back.
 */
final class TableWork implements Worker.Turns {
    private static final String INSERT_ORDER = "INSERT INTO orders (id, item, quantity) VALUES (?, ?, ?)";
    private static final String INSERT_LINE = "INSERT INTO order_lines (order_id, note) VALUES (?, ?)";
    private static final String INSERT_EVENT = "INSERT INTO events (order_id, what) VALUES (?, 'ordered')";
    private static final String TAKE = "UPDATE stock SET taken = taken + 1 WHERE item = ?";
    private static final String SELL = """
            INSERT INTO daily_sales (day, item, sold)
            VALUES (current_date, ?, 1)
            ON CONFLICT (day, item) DO UPDATE SET sold = daily_sales.sold + 1
            """;
    private static final int ITEMS = 200;
    private static final String READ_ORDER = "SELECT quantity FROM orders WHERE id = ?";

    private final DataSource dataSource;
    private final Habits habits;
    private final List<Work> works;
    private final AnchoredClock clock;
    /** The last order that was acknowledged to this worker. For its thread. */
    private Optional<UUID> latest = Optional.empty();

    /** What a worker takes a missing row for. */
    enum Reads {
        /** No error: in a plain move it is there as soon as replication has brought it. */
        MAY_MISS,
        /** An error that its caller saw: a row that was acknowledged is gone, if only for a moment. */
        MUST_FIND
    }

    /** What a worker does again and again; one that writes: half inserts, a quarter transactions, a quarter reads. */
    enum Round {
        /** Of two tables. */
        TWO_TABLES,
        /** Of a shop's. */
        SHOP,
        /** Reads only, as on a standby. */
        LOOKS;

        private List<Work> works() {
            return switch (this) {
                case TWO_TABLES -> List.of(Work.INSERT, Work.TRANSACTION, Work.INSERT, Work.READ);
                case SHOP -> List.of(Work.INSERT, Work.CHECKOUT, Work.INSERT, Work.READ);
                case LOOKS -> List.of(Work.READ);
            };
        }
    }

    /** How a worker works. */
    record Habits(Reads reads, Round round) {}

    TableWork(DataSource dataSource, Habits habits, AnchoredClock clock) {
        this.dataSource = dataSource;
        this.habits = habits;
        this.works = habits.round().works();
        this.clock = clock;
    }

    @Override
    public Done take(int round) {
        return measured(works.get(round % works.size()));
    }

    private Done measured(Work work) {
        UUID order = work.writes() ? UUID.randomUUID() : latest.orElseGet(UUID::randomUUID);
        int port = 0;
        String failure = "";
        long start = System.nanoTime();
        try (Connection connection = dataSource.getConnection()) {
            port = portOf(connection);
            perform(work, connection, order);
        } catch (SQLException | RuntimeException | Error e) { // an Error too is a failure that its caller saw
            failure = e instanceof SQLException sql ? sql.getSQLState() + ": " + sql.getMessage() : e.toString();
        }
        long nanos = System.nanoTime() - start;
        if (work.writes() && failure.isEmpty()) {
            latest = Optional.of(order);
        }
        return new Done(work, clock.at(start), nanos / 1_000, port, order, failure);
    }

    private void perform(Work work, Connection connection, UUID order) throws SQLException {
        switch (work) {
            case READ -> read(connection, order);
            case INSERT -> insertOrder(connection, order);
            case TRANSACTION -> {
                connection.setAutoCommit(false);
                insertOrder(connection, order);
                insertLine(connection, order);
                connection.commit();
            }
            case CHECKOUT -> {
                connection.setAutoCommit(false);
                insertOrder(connection, order);
                insertLine(connection, order);
                checkOut(connection, order);
                connection.commit();
            }
            case REQUEST -> throw new IllegalArgumentException("a request is not made over a connection to a database");
        }
    }

    /** Always in this order, and of one item only, so that no two workers wait for each other in a circle. */
    private static void checkOut(Connection connection, UUID order) throws SQLException {
        String item = "item " + (1 + ThreadLocalRandom.current().nextInt(ITEMS));
        execute(connection, INSERT_EVENT, order);
        execute(connection, TAKE, item);
        execute(connection, SELL, item);
    }

    private static void execute(Connection connection, String sql, Object value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, value);
            if (statement.executeUpdate() != 1) {
                throw new SQLException(sql + " changed nothing with " + value, "02000");
            }
        }
    }

    private static void insertOrder(Connection connection, UUID order) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_ORDER)) {
            insert.setObject(1, order);
            insert.setString(2, "tea");
            insert.setInt(3, 1);
            insert.executeUpdate();
        }
    }

    private static void insertLine(Connection connection, UUID order) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_LINE)) {
            insert.setObject(1, order);
            insert.setString(2, "with milk");
            insert.executeUpdate();
        }
    }

    private void read(Connection connection, UUID order) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(READ_ORDER)) {
            select.setObject(1, order);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() && habits.reads() == Reads.MUST_FIND && latest.isPresent()) {
                    throw new SQLException(
                            "order " + order + " was acknowledged and is not on port " + portOf(connection), "02000");
                }
            }
        }
    }

    /** Asks the driver, not the server. */
    private static int portOf(Connection connection) throws SQLException {
        String url = connection.getMetaData().getURL();
        return URI.create(url.substring("jdbc:".length())).getPort();
    }
}
