package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Driver;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.settings.Transition;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;

/**
 * Hints over LISTEN and NOTIFY: a thread that listens and one that notifies, each with a connection of its own, so that neither
 * waits for the other and {@link #send} waits for nobody. A server that fails is tried again, at most once a second. Thread-safe.
 */
final class PostgresSignals implements CoordinatorSignals {
    private static final Logger LOG = CleanLogger.of(PostgresSignals.class);
    private static final Duration LOGIN = Duration.ofSeconds(5);
    private static final Duration NOTIFYING = Duration.ofSeconds(2);
    private static final int LISTENING_MILLIS = 10_000;
    /** More hints than that say no more; a flood of them is no harm. */
    private static final int MOST_HINTS = 10_000;

    private static final long RETRY_MILLIS = 1_000;
    /** A hint may be lost in a crash: callers wait for it, and it need not wait for the disk or for a standby. */
    private static final String WITHOUT_WAITING = "SET synchronous_commit = off";

    private final Login login;
    private final String applicationName;
    private final String phases;
    private final String reports;
    /** A permit for each hint that came since the last await. */
    private final Semaphore came = new Semaphore(0);
    /** One permit: something is to be sent. */
    private final Semaphore toSend = new Semaphore(0);

    private final Semaphore closing = new Semaphore(0);
    private final Thread listener;
    private final Thread sender;
    private volatile boolean closed;
    private volatile @Nullable Connection listening;
    private volatile @Nullable Connection sending;

    private PostgresSignals(Login login, String applicationName, String runId) {
        this.login = login;
        this.applicationName = applicationName + "/signals";
        this.phases = SqlText.identifier(Transition.phaseChannel(runId));
        this.reports = SqlText.identifier(Transition.reportChannel(runId));
        this.listener = thread("registry-admin-signals-listen", this::listen);
        this.sender = thread("registry-admin-signals-send", this::sendOn);
    }

    /** Starts the threads; the caller owns the result. */
    static PostgresSignals start(Login login, String applicationName, String runId) {
        PostgresSignals signals = new PostgresSignals(login.plain(), applicationName, runId);
        signals.listener.start();
        signals.sender.start();
        return signals;
    }

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void send() {
        if (toSend.availablePermits() == 0) { // a second permit would say no more; a few too many do no harm
            toSend.release();
        }
    }

    @Override
    public boolean await(int hints, Duration atMost) throws InterruptedException {
        boolean enough = came.tryAcquire(Math.min(hints, MOST_HINTS), atMost.toNanos(), TimeUnit.NANOSECONDS);
        came.drainPermits();
        return enough;
    }

    @Override
    public void forget() {
        came.drainPermits();
    }

    private void heard(int hints) {
        came.release(Math.max(0, Math.min(hints, MOST_HINTS - came.availablePermits())));
    }

    private void listen() {
        persist("listen", () -> {
            try (Connection connection = connect()) {
                listening = connection;
                execute(connection, "LISTEN " + reports);
                heard(1); // what came before we listened was not heard
                PGConnection notifications = connection.unwrap(PGConnection.class);
                while (!closed) {
                    take(notifications.getNotifications(LISTENING_MILLIS));
                    connection.setNetworkTimeout(Runnable::run, (int) NOTIFYING.toMillis());
                    execute(connection, ""); // a server that vanished would never be missed
                }
            }
        });
    }

    private void take(PGNotification @Nullable [] notifications) {
        if (notifications != null) {
            heard(notifications.length);
        }
    }

    private void sendOn() {
        persist("notify", () -> {
            try (Connection connection = connect()) {
                sending = connection;
                connection.setNetworkTimeout(Runnable::run, (int) NOTIFYING.toMillis());
                execute(connection, WITHOUT_WAITING);
                while (!closed) {
                    toSend.acquire();
                    toSend.drainPermits();
                    execute(connection, "NOTIFY " + phases);
                }
            }
        });
    }

    private Connection connect() throws SQLException {
        return Driver.connect(login, applicationName, Deadline.of(LOGIN));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Something that goes on until it fails. */
    private interface Endless {
        void run() throws SQLException, InterruptedException;
    }

    private void persist(String what, Endless work) {
        boolean told = false;
        try {
            while (!closed) {
                try {
                    work.run();
                } catch (SQLException | RuntimeException e) {
                    if (!told && !closed) {
                        LOG.debug("can't {} on {}; trying again every second: {}", what, login, e.getMessage());
                        told = true;
                    }
                }
                if (closing.tryAcquire(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close() does this
        }
    }

    /** Ends both threads and their connections; idempotent, waits at most a second for each. */
    @Override
    public void close() {
        closed = true;
        closing.release(2);
        sender.interrupt();
        listener.interrupt();
        abort(listening); // a thread in a socket's read is woken by nothing else
        abort(sending);
        join(listener);
        join(sender);
    }

    private static void abort(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            // it was to be gone, and is
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
