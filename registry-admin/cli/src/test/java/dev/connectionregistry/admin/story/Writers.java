package dev.connectionregistry.admin.story;

import static org.awaitility.Awaitility.await;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Two instances of a service with two threads each, which write to all tables in one transaction, one after the other, and
 * remember what was acknowledged and what failed. The caller closes it.
 */
final class Writers implements AutoCloseable {
    private static final int INSTANCES = 2;
    private static final int THREADS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Between two transactions of a thread: a load that leaves the machine to its other work. */
    private static final Duration REST = Duration.ofMillis(20);

    final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Names names;
    private final List<RegistryDataSource> sources = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    Writers(Names names, InMemoryRegistry registry) {
        this.names = names;
        for (int i = 0; i < INSTANCES; i++) {
            RegistryDataSource source = RegistryDataSource.builder()
                    .registry(registry)
                    .database(names.database())
                    .service("checkout")
                    .instance("i" + i)
                    .build();
            sources.add(source);
            for (int t = 0; t < THREADS; t++) {
                String who = i + "-" + t;
                Thread thread = new Thread(() -> write(source, who), "writer " + who);
                threads.add(thread);
                thread.start();
            }
        }
    }

    private void write(RegistryDataSource source, String who) {
        try {
            for (int n = 0; !stopped.await(REST.toMillis(), TimeUnit.MILLISECONDS); n++) {
                one(source, who + " " + n, n);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void one(RegistryDataSource source, String key, int n) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate(
                    """
                    INSERT INTO %s (%s, other)
                    VALUES ('%s', nextval('%s'))
                    """.formatted(names.table(names.ledger()), names.key(), key, names.table(names.sequence())));
            statement.executeUpdate(
                    "INSERT INTO " + names.table(names.parted()) + " VALUES ('" + key + "', " + n % 2 + ")");
            statement.executeUpdate("""
                    UPDATE %s
                    SET n = n + 1
                    WHERE %s = %s
                    """.formatted(names.table(names.counter()), names.key(), n % Names.COUNTERS));
            connection.commit();
            acknowledged.add(key);
        } catch (SQLException | RuntimeException e) {
            failures.add(key + ": " + e);
        }
    }

    /** Waits until so many more were acknowledged. */
    void awaitMore(int count) {
        int wanted = acknowledged.size() + count;
        await("writes").atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> acknowledged.size() >= wanted);
    }

    /** Ends the load in an orderly way. */
    void stop() throws InterruptedException {
        stopped.countDown();
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sources.forEach(RegistryDataSource::close);
    }
}
