package dev.connectionregistry.admin.story;

import static org.awaitility.Awaitility.await;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An instance that writes row after row under one name, and remembers what was acknowledged and what failed. The caller closes it. */
final class RowWriter implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Between two rows: a load that leaves the machine to its other work. */
    private static final Duration REST = Duration.ofMillis(20);

    final String name;
    final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final RegistryDataSource source;
    private final Thread thread;

    RowWriter(InMemoryRegistry registry, String name) {
        this.name = name;
        this.source = RegistryDataSource.builder()
                .registry(registry)
                .database(name)
                .service("checkout")
                .instance("i1")
                .build();
        this.thread = new Thread(this::write, "writer of " + name);
        thread.start();
    }

    private void write() {
        try {
            for (int n = 0; !stopped.await(REST.toMillis(), TimeUnit.MILLISECONDS); n++) {
                one(name + " " + n);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void one(String row) {
        try (Connection connection = source.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO public.rows (row) VALUES (?)")) {
            insert.setString(1, row);
            insert.executeUpdate();
            acknowledged.add(row);
        } catch (SQLException | RuntimeException e) {
            failures.add(row + ": " + e);
        }
    }

    /** Waits until so many more were acknowledged. */
    void awaitMore(int count) {
        int wanted = acknowledged.size() + count;
        await("rows of " + name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> acknowledged.size() >= wanted);
    }

    /** Ends the load in an orderly way. */
    void stop() {
        stopped.countDown();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        source.close();
    }
}
