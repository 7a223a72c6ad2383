package dev.connectionregistry.admin.history.service;

import dev.connectionregistry.admin.history.check.Kind;
import dev.connectionregistry.admin.history.check.Seen;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;

/** The SQL of the operations of one writer. For one thread. */
final class Work {
    private static final String INSERT = "INSERT INTO entries (writer, number) VALUES (?, ?)";
    private static final String INCREMENT = """
            INSERT INTO counters (writer, n)
            VALUES (?, 1)
            ON CONFLICT (writer) DO UPDATE SET n = counters.n + 1, port = inet_server_port()
            """;
    private static final String LOCK = "SELECT id FROM accounts WHERE id IN (?, ?) ORDER BY id FOR UPDATE";
    private static final String BOOK =
            "UPDATE accounts SET balance = balance + ?, port = inet_server_port() WHERE id = ?";
    private static final String READ = """
            SELECT coalesce((SELECT n FROM counters WHERE writer = ?), 0),
              EXISTS (SELECT 1 FROM entries WHERE writer = ? AND number = ?),
              (SELECT sum(balance) FROM accounts)
            """;
    private static final long NONE = -1;

    private final String writer;
    private final int accounts;
    private long lastEntry = NONE;
    private boolean committing;

    Work(String writer, int accounts) {
        this.writer = writer;
        this.accounts = accounts;
    }

    /** Whether the statement that is under way, or has just failed, would have committed something. */
    boolean committing() {
        return committing;
    }

    /** Before an operation, which may not even get a connection. */
    void begin() {
        committing = false;
    }

    /** Returns what is worth telling of an operation that succeeded. */
    String perform(Kind kind, long number, Connection connection) throws SQLException {
        switch (kind) {
            case INSERT -> insert(number, connection);
            case INCREMENT -> increment(connection);
            case TRANSFER -> transfer(connection);
            case READ -> {
                return read(connection).text();
            }
        }
        return "";
    }

    private void insert(long number, Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, writer);
            insert.setLong(2, number);
            committing = true;
            insert.executeUpdate();
            lastEntry = number;
        }
    }

    /** Inserts and commits, but in between does nothing for a while. */
    String straggle(long number, int seconds, Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        insert(number, connection);
        committing = false;
        try (PreparedStatement sleep = connection.prepareStatement("SELECT pg_sleep(?)")) {
            sleep.setInt(1, seconds);
            sleep.execute();
        }
        committing = true;
        connection.commit();
        return "";
    }

    private void increment(Connection connection) throws SQLException {
        try (PreparedStatement increment = connection.prepareStatement(INCREMENT)) {
            increment.setString(1, writer);
            committing = true;
            increment.executeUpdate();
        }
    }

    private void transfer(Connection connection) throws SQLException {
        int from = ThreadLocalRandom.current().nextInt(accounts);
        int to = (from + 1 + ThreadLocalRandom.current().nextInt(accounts - 1)) % accounts;
        long amount = ThreadLocalRandom.current().nextLong(100);
        connection.setAutoCommit(false);
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setInt(1, from);
            lock.setInt(2, to);
            lock.execute();
        }
        book(connection, from, -amount);
        book(connection, to, amount);
        committing = true;
        connection.commit();
    }

    private static void book(Connection connection, int account, long amount) throws SQLException {
        try (PreparedStatement book = connection.prepareStatement(BOOK)) {
            book.setLong(1, amount);
            book.setInt(2, account);
            book.executeUpdate();
        }
    }

    private Seen read(Connection connection) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(READ)) {
            read.setString(1, writer);
            read.setString(2, writer);
            read.setLong(3, lastEntry);
            try (ResultSet row = read.executeQuery()) {
                row.next();
                return new Seen(row.getLong(1), lastEntry == NONE || row.getBoolean(2), row.getLong(3));
            }
        }
    }
}
