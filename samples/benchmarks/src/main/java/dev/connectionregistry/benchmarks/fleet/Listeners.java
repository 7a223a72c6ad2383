package dev.connectionregistry.benchmarks.fleet;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/** Sessions that listen, each on a thread of its own that ends with its connection. For one thread. */
final class Listeners {
    /** What they listen to. */
    static final String CHANNEL = "benchmark_floor";

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final int count;
    private final BlockingQueue<Long> heard;

    private Listeners(int count) {
        this.count = count;
        this.heard = new ArrayBlockingQueue<>(count);
    }

    /**
     * Has all of them listen.
     *
     * @throws SQLException as the driver says
     */
    static Listeners start(List<Connection> connections) throws SQLException {
        Listeners listeners = new Listeners(connections.size());
        for (Connection connection : connections) {
            Sql.execute(connection, "LISTEN " + CHANNEL);
            PGConnection session = connection.unwrap(PGConnection.class);
            Thread thread = new Thread(() -> listeners.listen(session), "listener");
            thread.setDaemon(true);
            thread.start();
        }
        return listeners;
    }

    private void listen(PGConnection session) {
        try {
            while (session.getNotifications(0).length > 0) {
                heard.put(System.nanoTime());
            }
        } catch (SQLException | InterruptedException e) {
            // its connection was closed
        }
    }

    /**
     * Waits until each has heard one more notification.
     *
     * @return when the last one did, by {@link System#nanoTime}
     * @throws BenchmarkException if one hasn't within 30 seconds
     */
    long awaitAll() {
        long last = Long.MIN_VALUE;
        try {
            for (int i = 0; i < count; i++) {
                Long moment = heard.poll(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                if (moment == null) {
                    throw new BenchmarkException("only " + i + " of " + count + " listeners heard a NOTIFY");
                }
                last = i == 0 ? moment : Math.max(last, moment);
            }
        } catch (InterruptedException e) {
            throw BenchmarkException.interrupted("a NOTIFY", e);
        }
        return last;
    }
}
