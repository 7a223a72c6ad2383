package dev.connectionregistry.admin.history.service;

import dev.connectionregistry.admin.history.check.AnchoredClock;
import dev.connectionregistry.admin.history.check.HistoryLine;
import dev.connectionregistry.admin.history.check.Kind;
import dev.connectionregistry.admin.history.check.Outcome;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * One thread of load: tells that it begins, borrows a connection, works, gives it back, tells how it ended. It never tries
 * again: every error that a caller could see is told.
 */
final class Writer implements Runnable {
    private static final Kind[] ROUND = Kind.values();
    private static final String URL_PREFIX = "jdbc:";

    private final String name;
    private final long pauseNanos;
    private final DataSource dataSource;
    private final AnchoredClock clock;
    private final OutLog log;
    private final Work work;
    private final Thread thread;
    private volatile boolean stopped;
    private int port;

    Writer(String name, long pauseNanos, int accounts, DataSource dataSource, AnchoredClock clock, OutLog log) {
        this.name = name;
        this.pauseNanos = pauseNanos;
        this.dataSource = dataSource;
        this.clock = clock;
        this.log = log;
        this.work = new Work(name, accounts);
        this.thread = new Thread(this, "writer " + name);
    }

    void start() {
        thread.start();
    }

    /** Ends the load after the operation that is under way. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    void join() throws InterruptedException {
        thread.join();
    }

    @Override
    public void run() {
        for (long number = 1; !stopped; number++) {
            operate(ROUND[(int) (number % ROUND.length)], number);
            LockSupport.parkNanos(pauseNanos / 2 + ThreadLocalRandom.current().nextLong(pauseNanos));
        }
    }

    /** One INSERT in a transaction that stays open for a while, on a thread of its own. */
    static void straggle(String name, int seconds, DataSource dataSource, AnchoredClock clock, OutLog log) {
        Writer writer = new Writer(name, 1, 1, dataSource, clock, log);
        Thread thread = new Thread(
                () -> writer.operate(Kind.INSERT, 1, connection -> writer.work.straggle(1, seconds, connection)),
                "straggler " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void operate(Kind kind, long number) {
        operate(kind, number, connection -> work.perform(kind, number, connection));
    }

    private void operate(Kind kind, long number, Job job) {
        log.tell(new HistoryLine.Invoked(name, number, kind, clock.micros()));
        Outcome outcome = Outcome.OK;
        String detail;
        port = 0;
        work.begin();
        try {
            detail = borrowAndDo(job);
        } catch (SQLException | RuntimeException | Error e) { // an Error too is a failure that its caller saw
            outcome = Doubt.of(e, work.committing());
            detail = e instanceof SQLException sql ? sql.getSQLState() + ": " + sql.getMessage() : e.toString();
        }
        log.tell(new HistoryLine.Ended(name, number, outcome, clock.micros(), port, OutLog.fitting(detail)));
    }

    private String borrowAndDo(Job job) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            port = portOf(connection);
            return job.on(connection);
        }
    }

    private static int portOf(Connection connection) throws SQLException {
        String url = connection.getMetaData().getURL();
        return URI.create(url.substring(URL_PREFIX.length())).getPort();
    }

    /** What is done with a connection. */
    private interface Job {
        /** Returns what is worth telling. */
        String on(Connection connection) throws SQLException;
    }
}
