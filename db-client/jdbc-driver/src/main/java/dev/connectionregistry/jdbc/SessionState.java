package dev.connectionregistry.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The state that a user has given its session, to be restored on another connection: JDBC settings, and statements that
 * set parameters. Refuses to restore if something can't be repeated. Thread-safe; holds its lock while it restores.
 */
final class SessionState {
    /** More than any program needs. */
    private static final int MOST = 64;

    /** A call that is repeated; throws what the call throws. */
    interface Repeated {
        void on(Connection connection) throws SQLException;
    }

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by "lock".
    private final Map<String, Made> settings = new HashMap<>();
    private final Map<String, Made> statements = new HashMap<>();
    private final Map<String, Made> uncommitted = new HashMap<>();
    private final List<String> pending = new ArrayList<>();
    private long lastOrder;
    private boolean autoCommit = true;
    private @Nullable String bound;

    /**
     * {@code order} rises: a later setting may override an earlier one, as {@code setSchema} overrides
     * {@code SET search_path}.
     */
    private record Made(long order, Repeated again) {}

    /** A JDBC setting, such as {@code setSchema}; the latest of each name counts. */
    void set(String name, Repeated call) {
        lock.lock();
        try {
            settings.put(name, new Made(++lastOrder, call));
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #set}, for a setting that the session's connection doesn't have yet. */
    void setLater(String name, Repeated call) {
        lock.lock();
        try {
            set(name, call);
            pending.remove(name);
            pending.add(name);
        } finally {
            lock.unlock();
        }
    }

    /** Applies pending settings to a connection that is about to be used. */
    void applyPending(Connection connection) throws SQLException {
        lock.lock();
        try {
            while (!pending.isEmpty()) {
                Made setting = settings.get(pending.remove(0));
                if (setting != null) {
                    setting.again().on(connection);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sets whether each statement is committed. */
    void autoCommit(boolean now) {
        lock.lock();
        try {
            autoCommit = now;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A statement with this effect on its session was executed.
     *
     * @param key a later statement with the same key replaces this one
     * @param inTransaction whether it may still be rolled back
     */
    void executed(SessionSql what, String key, Repeated again, boolean inTransaction) {
        lock.lock();
        try {
            switch (what) {
                case SETTING -> {
                    Map<String, Made> kept = inTransaction ? uncommitted : statements;
                    if (kept.containsKey(key) || statements.size() + uncommitted.size() < MOST) {
                        kept.put(key, new Made(++lastOrder, again));
                    } else {
                        bound = "it has set more than " + MOST + " parameters by SQL";
                    }
                }
                case RESET -> {
                    statements.clear();
                    uncommitted.clear();
                }
                case BINDING -> bound = "it has a temporary table, an advisory lock, LISTEN, PREPARE or a held cursor";
                case UNBINDING -> {
                    statements.clear();
                    uncommitted.clear();
                    bound = null;
                }
                case ROLLBACK -> uncommitted.clear();
                case NOTHING -> {}
            }
        } finally {
            lock.unlock();
        }
    }

    /** A transaction has ended. */
    void ended(boolean committed) {
        lock.lock();
        try {
            if (committed) {
                statements.putAll(uncommitted);
            }
            uncommitted.clear();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives {@code fresh} the state of the previous connection.
     *
     * @throws SQLException if that isn't possible
     */
    void restore(Connection fresh, boolean first) throws SQLException {
        lock.lock();
        try {
            if (bound != null && !first) {
                throw new SQLNonTransientConnectionException(
                        "the database has moved, and this session can't follow, because " + bound
                                + "; close the connection and take another one",
                        "08006");
            }
            pending.clear();
            List<Made> all = new ArrayList<>(settings.values());
            all.addAll(statements.values());
            all.sort(Comparator.comparingLong(Made::order));
            for (Made each : all) {
                each.again().on(fresh);
            }
            if (fresh.getAutoCommit() != autoCommit) {
                fresh.setAutoCommit(autoCommit);
            }
        } finally {
            lock.unlock();
        }
    }
}
