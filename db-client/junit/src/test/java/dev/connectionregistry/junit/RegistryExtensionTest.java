package dev.connectionregistry.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.RegistryDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a team writes for its own service; here the service is a few threads that write rows. */
class RegistryExtensionTest {
    @RegisterExtension
    static final RegistryExtension registry = RegistryExtension.builder()
            .database("orders")
            .prepare(RegistryExtensionTest::migrate)
            .holdBudget(Duration.ofSeconds(2))
            .build();

    private final AtomicInteger written = new AtomicInteger();
    private final List<SQLException> failures = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // start does
    private RegistryDataSource dataSource;

    private static void migrate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE writes (id bigint GENERATED ALWAYS AS IDENTITY, worker int)");
        }
    }

    @BeforeEach
    void start() {
        dataSource = RegistryDataSource.builder()
                .registry(registry.registry())
                .database("orders")
                .service("checkout")
                .build();
    }

    @AfterEach
    void stop() {
        dataSource.close();
    }

    private void underLoad(Runnable during) throws InterruptedException {
        long before = rows(registry.first()) + rows(registry.second());
        List<Thread> workers = IntStream.range(0, 4)
                .mapToObj(worker -> new Thread(() -> write(worker), "worker-" + worker))
                .toList();
        workers.forEach(Thread::start);
        try {
            during.run();
        } finally {
            workers.forEach(Thread::interrupt);
            for (Thread worker : workers) {
                worker.join();
            }
        }
        assertThat(failures).isEmpty();
        assertThat(written.get()).isPositive();
        assertThat(rows(registry.first()) + rows(registry.second()) - before).isEqualTo(written.get());
    }

    private void write(int worker) {
        while (!Thread.currentThread().isInterrupted()) {
            try (Connection connection = dataSource.getConnection();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO writes (worker) VALUES (?)")) {
                insert.setInt(1, worker);
                insert.executeUpdate();
                written.incrementAndGet();
            } catch (SQLException e) {
                if (!Thread.currentThread().isInterrupted()) {
                    failures.add(e);
                }
            }
        }
    }

    private static long rows(TestServer server) {
        try (Connection connection = server.connect(registry.postgresName("orders"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM writes")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void movesTheServiceUnderLoad() throws InterruptedException {
        TestServer here = registry.current("orders");
        TestServer there = here.equals(registry.first()) ? registry.second() : registry.first();
        long before = rows(there);
        underLoad(() -> {
            registry.move("orders", there);
            await().until(() -> rows(there) > before);
        });
        assertThat(registry.current("orders")).isEqualTo(there);
        assertThat(dataSource.status().endpoint().orElseThrow().port()).isEqualTo(there.port());
    }

    @Test
    void holdsTheServiceUnderLoadAndLetsItGoOnWhereItWas() throws InterruptedException {
        TestServer here = registry.current("orders");
        Duration hold = Duration.ofMillis(400);
        int longest = longestPauseMillis(() -> registry.holdFor("orders", hold));
        assertThat(longest).as("nothing was written for so long").isGreaterThanOrEqualTo(400);
        assertThat(registry.current("orders")).isEqualTo(here);
    }

    /** The longest time between two writes during {@code action}. */
    private int longestPauseMillis(Runnable action) throws InterruptedException {
        AtomicInteger longest = new AtomicInteger();
        underLoad(() -> {
            Thread watch = new Thread(() -> {
                int seen = written.get();
                long since = System.nanoTime();
                while (!Thread.currentThread().isInterrupted()) {
                    LockSupport.parkNanos(200_000);
                    if (written.get() != seen) {
                        seen = written.get();
                        since = System.nanoTime();
                    }
                    longest.accumulateAndGet((int) ((System.nanoTime() - since) / 1_000_000), Math::max);
                }
            });
            watch.start();
            action.run();
            watch.interrupt();
        });
        return longest.get();
    }

    @Test
    void cutsTheServiceOverUnderLoad() throws InterruptedException {
        TestServer there = registry.current("orders").equals(registry.first()) ? registry.second() : registry.first();
        underLoad(() -> registry.cutOver("orders", there, Duration.ofMillis(100)));
        assertThat(registry.current("orders")).isEqualTo(there);
        assertThat(registry.fleet("orders")).singleElement().satisfies(report -> assertThat(report.endpoint())
                .contains(":" + there.port() + "/"));
    }

    @Test
    void aServiceThatKeepsAConnectionFailsTheHoldAndGoesOn() throws SQLException {
        try (Connection kept = dataSource.getConnection()) {
            assertThatThrownBy(() -> registry.holdFor("orders", Duration.ofMillis(100)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("the service did not hold (all connections returned, no new ones)")
                    .hasMessageContaining("is HOLDING")
                    .hasMessageContaining("1 connections in use");
            assertThat(kept.isValid(5)).isTrue();
        }
        registry.move("orders", registry.current("orders"));
    }

    @Test
    void saysWhenNobodyIsThereToMoveOrTheDatabaseIsUnknown() {
        dataSource.close();
        assertThatThrownBy(() -> registry.move("orders", registry.second()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no live instance uses 'orders'");
        assertThatThrownBy(() -> registry.move("billing", registry.second()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'billing' is not one of this extension's: [orders]");
        assertThatThrownBy(() -> registry.holdFor("orders", Duration.ofMinutes(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hold is 120000 ms; it must be at most 58000 ms");
    }
}
