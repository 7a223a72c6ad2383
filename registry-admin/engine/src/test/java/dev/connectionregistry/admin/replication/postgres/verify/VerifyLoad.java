package dev.connectionregistry.admin.replication.postgres.verify;

import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A service that inserts, updates and deletes without a pause, on a thread of its own: mostly anywhere below 2000, and again
 * and again the same row to and fro, and another one in and out.
 */
final class VerifyLoad implements AutoCloseable {
    private final TestDatabase database;
    private final AtomicInteger writes = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "verify-load");
    private volatile boolean stopped;
    private volatile @Nullable SQLException failure;

    VerifyLoad(TestDatabase database) {
        this.database = database;
        thread.start();
    }

    private void run() {
        Random random = new Random(7);
        try (Connection connection = database.connect(database.service);
                Statement statement = connection.createStatement()) {
            while (!stopped) {
                for (String sql : some(random)) {
                    statement.execute(sql);
                }
                writes.incrementAndGet();
            }
        } catch (SQLException e) {
            failure = e;
        }
    }

    private static String[] some(Random random) {
        int id = 10 + random.nextInt(1990);
        return switch (random.nextInt(6)) {
            case 0 -> new String[] {"DELETE FROM public.kinds WHERE id = " + id};
            case 1 -> new String[] {"""
                    INSERT INTO public.kinds (id, t, f8)
                    VALUES (%s, 'new', random())
                    ON CONFLICT (id) DO NOTHING
                    """.formatted(id)};
            case 2 -> new String[] {"UPDATE public.kinds SET t = CASE t WHEN 'A' THEN 'B' ELSE 'A' END WHERE id = 1"};
            case 3 ->
                new String[] {
                    "INSERT INTO public.kinds (id, t) VALUES (2, 'in and out') ON CONFLICT (id) DO NOTHING",
                    "DELETE FROM public.kinds WHERE id = 2"
                };
            case 4 -> new String[] {"INSERT INTO public.nokey VALUES (" + id + ", 'more')"};
            default -> new String[] {"""
                    UPDATE public.kinds
                    SET n = coalesce(n, 0) + 0.1, f8 = random()
                    WHERE id BETWEEN %s AND %s
                    """.formatted(id, id + 5)};
        };
    }

    /** So many more from now on. */
    void awaitWrites(int more) {
        int goal = writes.get() + more;
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(30))
                .until(() -> failure != null || writes.get() >= goal);
    }

    @Override
    public void close() throws SQLException {
        stopped = true;
        try {
            thread.join(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        SQLException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }
}
