package dev.connectionregistry.admin.replication.setup;

import static org.awaitility.Awaitility.await;

import dev.connectionregistry.local.LocalPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Inserts, updates and deletes on a server until it is closed. */
final class Writers implements AutoCloseable {
    private final AtomicInteger rows = new AtomicInteger();
    private final Pair pair;
    private final LocalPostgres server;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile String failure = "";

    Writers(Pair pair, LocalPostgres server) {
        this.pair = pair;
        this.server = server;
        this.thread = new Thread(this::write, "writers");
        thread.start();
    }

    private void write() {
        try (Connection connection = server.connect(pair.name);
                Statement statement = connection.createStatement()) {
            while (!stopped) {
                statement.execute("BEGIN");
                statement.execute("INSERT INTO " + NastySchema.ORDERS + " (\"wh\"\"at\") VALUES ('new')");
                statement.execute("""
                        UPDATE %1$s
                        SET "wh""at" = 'changed'
                        WHERE "Id" = (SELECT min("Id") FROM %1$s)
                        """.formatted(NastySchema.ORDERS));
                statement.execute("""
                        DELETE FROM %1$s
                        WHERE "schlüssel" = (SELECT min("schlüssel"::text)::uuid FROM %1$s)
                        """.formatted(NastySchema.UNICODE));
                statement.execute("""
                        INSERT INTO %1$s
                        SELECT coalesce(max(id), 0) + 1, '2026-08-01', 'n'
                        FROM %1$s
                        """.formatted(NastySchema.EVENTS));
                statement.execute("INSERT INTO " + NastySchema.KEYLESS + " VALUES ('another')");
                statement.execute("""
                        INSERT INTO %1$s
                        SELECT coalesce(max(id), 0) + 1, 'n'
                        FROM %1$s
                        """.formatted(NastySchema.HISTORY));
                statement.execute("COMMIT");
                rows.incrementAndGet();
            }
        } catch (SQLException e) {
            failure = String.valueOf(e.getMessage());
        }
    }

    int rows() {
        return rows.get();
    }

    void awaitRows(int count) {
        await("that " + count + " rows are written")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> rows.get() >= count || !failure.isEmpty());
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!failure.isEmpty()) {
            throw new IllegalStateException("a writer failed: " + failure);
        }
    }
}
