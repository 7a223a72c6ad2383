package dev.connectionregistry.jdbc;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;

/**
 * Threads that use a pool without a pause, each in another way, until closed: transactions, single statements, checkouts that
 * outlast many transactions, batches. Each checks that its session is still what it was made.
 */
final class Load implements AutoCloseable {
    final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final String name;
    private final DataSource pool;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ending;

    private interface Work {
        void run(int round) throws SQLException;
    }

    Load(String name, DataSource pool) {
        this.name = name;
        this.pool = pool;
        start("transactions", this::transaction);
        start("statements", this::statement);
        start("long-checkout", this::longCheckout);
        start("batch", this::batch);
    }

    private void start(String kind, Work work) {
        Thread thread = new Thread(
                () -> {
                    for (int round = 1; !ending; round++) {
                        try {
                            work.run(round);
                        } catch (SQLException | RuntimeException e) {
                            failures.add(e);
                        }
                    }
                },
                name + "-" + kind);
        threads.add(thread);
        thread.start();
    }

    private void transaction(int round) throws SQLException {
        String id = name + "-transaction-" + round;
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, id);
            insert(connection, id + "-too");
            connection.commit();
            acknowledged.add(id);
            acknowledged.add(id + "-too");
            requireSession(connection);
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private void statement(int round) throws SQLException {
        String id = name + "-statement-" + round;
        try (Connection connection = pool.getConnection()) {
            insert(connection, id);
            acknowledged.add(id);
        }
    }

    /** One checkout and one prepared statement for many transactions, as a scheduler's thread has. */
    private void longCheckout(int round) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement set = connection.createStatement();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO public.orders (id, who) VALUES (?, ?)")) {
            set.execute("SET search_path = public, pg_catalog");
            insert.setString(2, name);
            for (int i = 1; i <= 50 && !ending; i++) {
                String id = name + "-long-" + round + "-" + i;
                insert.setString(1, id);
                if (insert.executeUpdate() != 1) {
                    throw new IllegalStateException("not inserted");
                }
                acknowledged.add(id);
                requireSession(connection);
            }
            set.execute("RESET search_path");
        }
    }

    private void batch(int round) throws SQLException {
        String id = name + "-batch-" + round;
        try (Connection connection = pool.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO public.orders (id, who) VALUES (?, ?)")) {
            for (int i = 1; i <= 3; i++) {
                insert.setString(1, id + "-" + i);
                insert.setString(2, name);
                insert.addBatch();
            }
            insert.executeBatch();
            acknowledged.add(id + "-1");
            acknowledged.add(id + "-3");
        }
    }

    private void insert(Connection connection, String id) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO public.orders (id, who) VALUES (?, ?)")) {
            insert.setString(1, id);
            insert.setString(2, name);
            insert.executeUpdate();
        }
    }

    private static void requireSession(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet zone = statement.executeQuery("SHOW TIME ZONE")) {
            zone.next();
            if (!zone.getString(1).equals("Asia/Tokyo")) {
                throw new IllegalStateException("the session has lost its time zone: " + zone.getString(1));
            }
        }
    }

    /** Waits until so many more rows were acknowledged. */
    void awaitMore(int rows) {
        int wanted = acknowledged.size() + rows;
        await().pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(30))
                .until(() -> acknowledged.size() >= wanted);
    }

    @Override
    public void close() {
        ending = true;
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(60).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
