package dev.connectionregistry.admin.cutover.postgres;

import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that logs in, writes once, and leaves, again and again, on a thread of its own. */
final class ReconnectingWriter implements AutoCloseable {
    private final TestDatabase database;
    private final String begin;
    private final String end;
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "reconnecting-writer");
    private volatile boolean stopped;

    ReconnectingWriter(TestDatabase database, String begin, String end) {
        this.database = database;
        this.begin = begin;
        this.end = end;
        thread.start();
    }

    private void run() {
        while (!stopped) {
            try (Connection connection = database.connect(database.service)) {
                connection.createStatement().execute(begin);
                TestDatabase.write(connection);
                connection.createStatement().execute(end);
                writes.incrementAndGet();
            } catch (SQLException e) {
                if (PostgresErrors.state(e).equals(PostgresErrors.READ_ONLY)) {
                    refusals.incrementAndGet();
                }
            }
        }
    }

    int writes() {
        return writes.get();
    }

    /** So many more from now on. */
    void awaitWrites(int more) {
        awaitMore(writes, more);
    }

    /** So many more from now on. */
    void awaitRefusals(int more) {
        awaitMore(refusals, more);
    }

    private static void awaitMore(AtomicInteger counter, int more) {
        int goal = counter.get() + more;
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(20))
                .until(() -> counter.get() >= goal);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
