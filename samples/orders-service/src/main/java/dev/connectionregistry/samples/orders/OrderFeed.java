package dev.connectionregistry.samples.orders;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.status.StatusListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of new orders over a dedicated connection that LISTENs, and moves that connection when the database is moved. To copy
 * for whatever keeps a connection: it must be given back before a cutover's hold, which would wait for it in vain, and be
 * taken again afterwards. The instance says that it is ready for the hold only once its listeners have returned.
 *
 * <p>Thread-safe. {@link #changed} is called on the data source's listener thread; orders are told on this feed's own.
 */
final class OrderFeed implements StatusListener, AutoCloseable {
    /** What is notified, with the order's id as payload. */
    static final String CHANNEL = "orders";

    private static final Logger LOG = LoggerFactory.getLogger(OrderFeed.class);
    private static final Set<InstanceState> CUTOVER_COMES =
            Set.of(InstanceState.PREPARING, InstanceState.READY, InstanceState.HOLDING, InstanceState.HELD);
    private static final int LOOK_EVERY_MILLIS = 200;
    private static final int GIVE_BACK_MILLIS = 2_000;
    private static final int AGAIN_MILLIS = 1_000;

    private final Consumer<String> orders;
    private final Runnable missed;
    private final AtomicReference<@Nullable Subscription> current = new AtomicReference<>();
    private volatile @Nullable DataSource dataSource;

    /**
     * Listens to nothing yet.
     *
     * @param orders told of each new order's id
     * @param missed told whenever notifications may have been missed, which is after every (re)connection: read the table then
     */
    OrderFeed(Consumer<String> orders, Runnable missed) {
        this.orders = orders;
        this.missed = missed;
    }

    /** Begins to listen; this feed must be a listener of the data source. */
    void start(DataSource source) {
        dataSource = source;
        replaceWith(new Subscription(source));
    }

    @Override
    public void changed(DataSourceStatus previous, DataSourceStatus status) {
        DataSource source = dataSource;
        if (source == null) {
            return;
        }
        if (CUTOVER_COMES.contains(status.state())) {
            replaceWith(null);
        } else if (status.state() == InstanceState.ACTIVE
                && (current.get() == null || status.generation() != previous.generation())) {
            replaceWith(new Subscription(source));
        }
    }

    private void replaceWith(@Nullable Subscription next) {
        Optional.ofNullable(current.getAndSet(next)).ifPresent(Subscription::end);
        if (next != null) {
            next.thread.start();
        }
    }

    @Override
    public void close() {
        dataSource = null;
        replaceWith(null);
    }

    /** One connection, for as long as it is wanted, and the thread that waits on it. */
    private final class Subscription {
        private final DataSource source;
        private final Thread thread = new Thread(this::run, "order-feed");
        private volatile boolean ended;

        Subscription(DataSource source) {
            this.source = source;
            thread.setDaemon(true);
        }

        /** Returns when the connection is given back, or after two seconds. */
        void end() {
            ended = true;
            try {
                thread.join(GIVE_BACK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void run() {
            while (!ended) {
                try (Connection connection = source.getConnection()) {
                    listen(connection);
                } catch (SQLException e) {
                    LOG.info("The order feed lost its connection: {}", e.getMessage());
                    pause();
                }
            }
        }

        private void listen(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + CHANNEL);
                missed.run();
                PGConnection postgres = connection.unwrap(PGConnection.class);
                while (!ended) {
                    for (PGNotification order : postgres.getNotifications(LOOK_EVERY_MILLIS)) {
                        orders.accept(order.getParameter());
                    }
                }
                statement.execute("UNLISTEN " + CHANNEL); // the next borrower shall not hear of orders
            }
        }

        private void pause() {
            try {
                Thread.sleep(AGAIN_MILLIS);
            } catch (InterruptedException e) {
                ended = true;
            }
        }
    }
}
