package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Driver;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.settings.Transition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;

/**
 * Signals over the target, on a thread and a connection of their own. The thread sends notifications, and while there
 * is a watch it asks every few milliseconds for sessions that have the application name of an instance that is HELD.
 * Only the owner of the watch waits for the answer. After a failure it connects again, at most once a second.
 * Thread-safe.
 */
final class PostgresSignals implements CoordinatorSignals {
    private static final Logger LOG = CleanLogger.of(PostgresSignals.class);
    private static final Duration LOGIN = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(1);
    /**
     * The pause after a question is this many times as long as the quickest of the last answers took. A single slow
     * one shows little, since there is one when all instances begin to hold; if all are slow, the server has no time for
     * these questions.
     */
    private static final int PAUSE_FOR_ANSWER = 2;

    private static final int LAST_ANSWERS = 3;
    /** Safety limit: instances beyond this many count by their reports. */
    private static final int MOST_NAMES = 20_000;

    /** Callers wait for a signal, and it may be lost in a crash, so it need not wait for the disk or a standby. */
    private static final String SETTINGS = Session.SEARCH_PATH + "SET synchronous_commit = off";

    private static final String NOTIFY = "SELECT pg_catalog.pg_notify(?, ?)";
    private static final String HELD =
            "SELECT application_name FROM pg_catalog.pg_stat_activity WHERE application_name LIKE ?";

    private final Login login;
    private final String applicationName;
    private final String phases;
    private final String reports;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by {@code lock}, as are those below. */
    private final SignalOutbox outbox = new SignalOutbox(System.nanoTime());

    private @Nullable Watch watch;
    private boolean closed;
    private final long[] lastAnswers = new long[LAST_ANSWERS];
    private int answers;
    private volatile @Nullable Connection open;

    private PostgresSignals(Login login, String applicationName, String runId) {
        this.login = login;
        this.applicationName = applicationName + "/signals";
        this.phases = Transition.phaseChannel(runId);
        this.reports = Transition.reportChannel(runId);
        this.thread = new Thread(this::run, "registry-admin-signals");
        this.thread.setDaemon(true);
    }

    /** Starts the thread; the caller owns the result. */
    static PostgresSignals start(Login login, String applicationName, String runId) {
        PostgresSignals signals = new PostgresSignals(login.plain(), applicationName, runId);
        signals.thread.start();
        return signals;
    }

    @Override
    public void hint() {
        change(outbox::hint);
    }

    @Override
    public void announce(Announcement announcement) {
        change(() -> outbox.announce(announcement));
    }

    @Override
    public void settled() {
        change(outbox::settled);
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public HeldWatch watchHeld() {
        Watch begun = new Watch();
        change(() -> watch = begun);
        return begun;
    }

    /** What was heard and not yet returned. Guarded by {@code lock}. */
    private final class Watch implements HeldWatch {
        private final Set<String> known = new HashSet<>();
        private final List<HeldSignal> held = new ArrayList<>();
        private int hints;
        private boolean begun;
        private long askAt = System.nanoTime();

        @Override
        public Heard await(Duration atMost) throws InterruptedException {
            long left = atMost.toNanos();
            lock.lockInterruptibly();
            try {
                while (held.isEmpty() && hints == 0 && left > 0) {
                    left = changed.awaitNanos(left);
                }
                Heard heard = new Heard(List.copyOf(held), hints);
                held.clear();
                hints = 0;
                return heard;
            } finally {
                lock.unlock();
            }
        }

        /** Hints from before the first question belong to an earlier wait. */
        private void take(List<String> names, int more, long now) {
            askAt = now + Math.max(BETWEEN_QUESTIONS.toNanos(), PAUSE_FOR_ANSWER * quickestAnswer());
            hints += begun ? more : 0;
            begun = true;
            for (String name : names) {
                if (known.size() < MOST_NAMES && known.add(name)) {
                    HeldSignal.parse(name).ifPresent(held::add);
                }
            }
        }

        @Override
        public void close() {
            change(() -> {
                if (watch == this) {
                    watch = null;
                }
            });
        }
    }

    /** Guarded by {@code lock}; 0 before there were enough. */
    private long quickestAnswer() {
        long quickest = lastAnswers[0];
        for (long each : lastAnswers) {
            quickest = Math.min(quickest, each);
        }
        return quickest;
    }

    /** What the thread does next. */
    private record Work(SignalOutbox.Due due, @Nullable Watch ask) {}

    /** Waits until there is something to do. */
    private Work next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long now = System.nanoTime();
                SignalOutbox.Due due = outbox.due(now);
                Watch asking = watch;
                boolean asks = asking != null && now - asking.askAt >= 0;
                if (!due.texts().isEmpty() || asks) {
                    return new Work(due, asks ? asking : null);
                }
                long wait = outbox.untilDue(now).toNanos();
                changed.awaitNanos(asking == null ? wait : Math.min(wait, asking.askAt - now));
            }
            throw new InterruptedException("closed");
        } finally {
            lock.unlock();
        }
    }

    private void serve() throws SQLException, InterruptedException {
        try (Connection connection = Driver.connect(login, applicationName, Deadline.of(LOGIN))) {
            open = connection;
            connection.setNetworkTimeout(Runnable::run, (int) ANSWER.toMillis());
            try (Statement statement = connection.createStatement()) {
                statement.execute(SETTINGS);
                statement.execute("LISTEN " + Sql.identifier(reports));
            }
            practise();
            try (PreparedStatement notify = connection.prepareStatement(NOTIFY);
                    PreparedStatement held = connection.prepareStatement(HELD)) {
                held.setString(1, HeldSignal.prefix() + "%");
                while (true) {
                    work(next(), connection, notify, held);
                }
            }
        }
    }

    /**
     * Processes a signal that isn't passed to any watch, before callers wait: a JVM takes milliseconds to link that
     * code.
     */
    private void practise() {
        CommittedSecret secret = CommittedSecret.random();
        long now = System.nanoTime();
        new Watch().take(List.of(HeldSignal.applicationName(secret, secret.reveal())), 0, now);
    }

    private void work(Work work, Connection connection, PreparedStatement notify, PreparedStatement held)
            throws SQLException {
        for (String text : work.due().texts()) {
            notify.setString(1, phases);
            notify.setString(2, text);
            notify.execute();
        }
        if (!work.due().texts().isEmpty()) {
            change(() -> outbox.sent(work.due(), System.nanoTime()));
        }
        Watch asking = work.ask();
        if (asking != null) {
            long asked = System.nanoTime();
            List<String> names = names(held);
            PGNotification[] hints = connection.unwrap(PGConnection.class).getNotifications();
            long answered = System.nanoTime();
            change(() -> {
                lastAnswers[answers++ % LAST_ANSWERS] = answered - asked;
                asking.take(names, hints == null ? 0 : hints.length, answered);
            });
        }
    }

    private static List<String> names(PreparedStatement held) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = held.executeQuery()) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private void run() {
        boolean logged = false;
        try {
            while (!isClosed()) {
                try {
                    serve();
                } catch (SQLException | RuntimeException e) {
                    if (!logged && !isClosed()) {
                        LOG.debug("no signals over {}; trying again every second: {}", login, e.getMessage());
                        logged = true;
                    }
                }
                pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close() does this
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** The pause between two connections; ends early when this is closed. */
    private void pause() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = RETRY.toNanos();
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread and its connection; idempotent, waits at most a second. */
    @Override
    public void close() {
        change(() -> closed = true);
        thread.interrupt();
        abort(open); // nothing else ends a read from a socket
        try {
            thread.join(RETRY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void abort(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            // it should be closed, and it is
        }
    }
}
