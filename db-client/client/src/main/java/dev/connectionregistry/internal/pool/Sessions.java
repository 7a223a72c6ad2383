package dev.connectionregistry.internal.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The physical connections of one generation that other pools keep ({@link GatedSession}), besides the generation's own
 * pool. Those pools don't say which of them are checked out; a session is in use while it executes something or has a
 * transaction open.
 *
 * <p>During a hold the count is exact, by the same order as for checkouts: a session counts itself ({@link #enter})
 * <em>before</em> it reads whether this generation is current, and the gate is closed <em>before</em> this class reads
 * the count. So either the session is seen in use, or it sees the closed gate and sends nothing. Thread-safe.
 */
final class Sessions {
    private static final long LOOK_NANOS = Duration.ofMillis(2).toNanos();
    private static final int MOST_SPARES = 100;
    private static final int SPARE_ALIVE_SECONDS = 1;
    private static final int SAMPLE = 2;

    private final ConnectionSource source;
    private final StatementFailures failures;
    private final AtomicInteger inUse = new AtomicInteger();
    private final Set<GatedSession> open = ConcurrentHashMap.newKeySet();
    private final Queue<Connection> spares = new ConcurrentLinkedQueue<>();
    private final Set<Thread> watching = ConcurrentHashMap.newKeySet();
    private final AtomicInteger edition = new AtomicInteger();
    private volatile boolean ending;

    Sessions(ConnectionSource source) {
        this.source = source;
        this.failures = new StatementFailures(source);
    }

    /**
     * One more session is in use. The caller then checks that the generation is current, and calls {@link #leave} if it
     * isn't.
     */
    void enter() {
        inUse.incrementAndGet();
    }

    /** One session fewer is in use. */
    void leave() {
        if (inUse.decrementAndGet() == 0) {
            watching.forEach(LockSupport::unpark);
        }
    }

    /**
     * Blocks until none is in use; the last session to leave wakes it. Call it when no session can get in any more.
     *
     * @return false at the bound, when {@code ended}, and on an interrupt (the flag stays set)
     */
    boolean awaitUnused(Duration bound, BooleanSupplier ended) {
        long deadline = System.nanoTime() + bound.toNanos();
        watching.add(Thread.currentThread());
        try {
            while (!ended.getAsBoolean()) {
                if (inUse.get() == 0) {
                    return true;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0 || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                LockSupport.parkNanos(this, Math.min(left, LOOK_NANOS));
            }
            return false;
        } finally {
            watching.remove(Thread.currentThread());
        }
    }

    /** How many are in use. */
    int inUse() {
        return inUse.get();
    }

    /** How many there are, in use or not. */
    int size() {
        return open.size();
    }

    /** Which physical connections may be used: those opened in this edition. */
    int edition() {
        return edition.get();
    }

    /**
     * A physical connection for {@code session}, which must count as in use.
     *
     * @throws SQLException if none can be opened
     */
    Connection open(GatedSession session) throws SQLException {
        Connection spare = spare();
        Connection connection = spare == null ? source.getConnection() : spare;
        open.add(session);
        return connection;
    }

    private @Nullable Connection spare() {
        for (Connection next = spares.poll(); next != null; next = spares.poll()) {
            if (isAlive(next)) {
                return next;
            }
            PostgresConnector.closeQuietly(next);
        }
        return null;
    }

    static boolean isAlive(Connection connection) {
        try {
            return connection.isValid(SPARE_ALIVE_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }

    /**
     * Opens connections ahead, for sessions that will all move here at once; stops at the first that can't be opened.
     * Starts none after {@code bound}: a session that finds none opens one when it moves.
     */
    void prepare(int count, Duration bound, BooleanSupplier ended) throws SQLException {
        long deadline = System.nanoTime() + bound.toNanos();
        int most = Math.min(count, MOST_SPARES);
        for (int i = 0; i < most && deadline - System.nanoTime() > 0 && !ended.getAsBoolean(); i++) {
            spares.add(source.getConnection());
        }
    }

    /** Closes connections that were opened ahead and not needed. */
    void dropSpares() {
        new ArrayDeque<>(spares).forEach(spare -> {
            if (spares.remove(spare)) {
                PostgresConnector.closeQuietly(spare);
            }
        });
    }

    /** {@code session} has no connection here any more. */
    void forget(GatedSession session) {
        open.remove(session);
    }

    /**
     * A statement failed: checks whether the error suggests a moved database; returns whether its connection must not
     * be used again.
     */
    boolean isFatal(SQLException failure) {
        return failures.adjudicate(failure) == com.zaxxer.hikari.SQLExceptionOverride.Override.MUST_EVICT;
    }

    /** Whether the server still has the sessions of a few of them; asks it once for each. */
    boolean seemAlive() {
        return open.stream().limit(SAMPLE).noneMatch(GatedSession::isIdleAndDead);
    }

    /** Existing connections are not used for another transaction; idle ones are closed. */
    void replaceAll() {
        edition.incrementAndGet();
        dropSpares();
        open.forEach(GatedSession::vacateIfIdle);
    }

    /** Whether the generation is being emptied: connections that aren't in use are closed. */
    boolean isEnding() {
        return ending;
    }

    /** Closes idle connections, now and whenever one becomes idle; returns whether none is left. */
    boolean endAndCheckEmpty() {
        ending = true;
        dropSpares();
        open.forEach(GatedSession::vacateIfIdle);
        return open.isEmpty() && inUse.get() == 0;
    }
}
