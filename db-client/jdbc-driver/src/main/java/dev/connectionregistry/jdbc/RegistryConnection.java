package dev.connectionregistry.jdbc;

import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.internal.pool.GatedSession;
import dev.connectionregistry.jdbc.Calls.Call;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A connection for an outer pool: passes calls on to a connection of the Postgres driver, and makes each call that may
 * send something wait at the gate if no transaction is open. Between two transactions, another physical connection may
 * replace the current one ({@link GatedSession}).
 *
 * <p>As thread-safe as the driver's connection.
 */
final class RegistryConnection implements InvocationHandler, GatedSession.Owner {
    private final GatedSession session;
    private final SessionState state = new SessionState();
    private final Connection proxy = Calls.proxy(Connection.class, this);

    private RegistryConnection(Borrower borrower) {
        this.session = new GatedSession(borrower, this);
    }

    /** Opens a connection; waits while a cutover holds the gate. */
    static Connection open(Borrower borrower) throws SQLException {
        RegistryConnection connection = new RegistryConnection(borrower);
        connection.session.enter();
        connection.session.leave();
        return connection.proxy;
    }

    @Override
    public void restore(Connection fresh, boolean first) throws SQLException {
        state.restore(fresh, first);
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        if (Calls.isOfObject(method)) {
            return Calls.ofObject(self, method, arguments, "RegistryConnection[" + session.physical() + "]");
        }
        return switch (method.getName()) {
            case "close" -> {
                session.close();
                yield null;
            }
            case "isClosed" -> session.isClosed();
            case "abort" -> abort((Executor) Calls.first(arguments));
            case "isValid" -> isValid((Integer) Calls.first(arguments));
            case "unwrap" -> unwrap((Class<?>) Calls.first(arguments));
            case "isWrapperFor" -> isWrapperFor((Class<?>) Calls.first(arguments));
            case "getMetaData" -> Calls.proxy(DatabaseMetaData.class, this::metaData);
            case "createStatement", "prepareStatement", "prepareCall" -> statement(new Call(method, arguments));
            case "setAutoCommit" -> setAutoCommit(new Call(method, arguments));
            case "commit" -> end(method, true);
            case "rollback" -> arguments == null ? end(method, false) : counted(new Call(method, arguments));
            case "clearWarnings" -> clearWarnings(new Call(method, arguments));
            case "setReadOnly",
                    "setTransactionIsolation",
                    "setSchema",
                    "setHoldability",
                    "setNetworkTimeout",
                    "setTypeMap" -> set(method.getName(), new Call(method, arguments));
            case "setClientInfo" -> setClientInfo(new Call(method, arguments));
            case "getAutoCommit",
                    "isReadOnly",
                    "getWarnings",
                    "getCatalog",
                    "setCatalog",
                    "getHoldability",
                    "getNetworkTimeout",
                    "getTypeMap",
                    "getClientInfo",
                    "nativeSQL",
                    "beginRequest",
                    "endRequest" -> local(new Call(method, arguments));
            default -> counted(new Call(method, arguments));
        };
    }

    Connection proxy() {
        return proxy;
    }

    GatedSession session() {
        return session;
    }

    SessionState state() {
        return state;
    }

    /** Starts a call to the server: returns the physical connection to use, with all settings restored. */
    Connection enter() throws SQLException {
        Connection physical = session.enter();
        try {
            state.applyPending(physical);
            return physical;
        } catch (SQLException | RuntimeException e) {
            session.leave();
            throw e;
        }
    }

    /** A call on the physical connection that may send something. */
    private @Nullable Object counted(Call call) throws SQLException {
        Connection physical = enter();
        try {
            return call.on(physical);
        } catch (SQLException e) {
            session.failed(e);
            throw e;
        } finally {
            session.leave();
        }
    }

    /** A call that sends nothing: it needn't wait at a gate, unless there is no physical connection at this moment. */
    private @Nullable Object local(Call call) throws SQLException {
        Connection physical = session.physical();
        if (physical == null) {
            return counted(call);
        }
        try {
            return call.on(physical);
        } catch (SQLException e) {
            if (session.physical() == physical) {
                throw e;
            }
            return counted(call); // an idle session has just lost its connection
        }
    }

    /** As {@link #local}, for calls that a new connection doesn't need. */
    private void localIfAny(Call call) throws SQLException {
        Connection physical = session.physical();
        try {
            if (physical != null) {
                call.on(physical);
            }
        } catch (SQLException e) {
            if (session.physical() == physical) {
                throw e;
            }
        }
    }

    private @Nullable Object clearWarnings(Call call) throws SQLException {
        localIfAny(call);
        session.settle(); // pools call this on a connection that is returned
        return null;
    }

    private @Nullable Object abort(Executor executor) throws SQLException {
        Connection physical = session.physical();
        if (physical != null) {
            physical.abort(executor);
        }
        executor.execute(session::close);
        return null;
    }

    /**
     * False if the connection was closed, or if the next transaction would have to move: an outer pool then replaces
     * it. Behind a closed gate the server isn't asked, so the answer is true unless something is known to be wrong.
     */
    private boolean isValid(int seconds) throws SQLException {
        if (seconds < 0) {
            throw new SQLException("the timeout is " + seconds + " s; use 0 or more", "22023");
        }
        if (session.isClosed()) {
            return false;
        }
        if (!session.isInUse() && !session.isCurrent()) {
            return false;
        }
        Connection physical = session.enterAtOnce();
        if (physical == null) {
            return session.isCurrent();
        }
        try {
            return physical.isValid(seconds);
        } finally {
            session.leave();
        }
    }

    private Object unwrap(Class<?> type) throws SQLException {
        if (type.isInstance(proxy)) {
            return proxy;
        }
        Connection physical = enter();
        try {
            Object unwrapped = physical.unwrap(type);
            session.unwrapped();
            return unwrapped;
        } finally {
            session.leave();
        }
    }

    private boolean isWrapperFor(Class<?> type) throws SQLException {
        Connection physical = session.physical();
        return type.isInstance(proxy) || (physical != null && physical.isWrapperFor(type));
    }

    /** Metadata of the current physical connection, looked up at each call: some of it asks the server. */
    private @Nullable Object metaData(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        if (Calls.isOfObject(method)) {
            return Calls.ofObject(self, method, arguments, "RegistryConnection's metadata");
        }
        if (method.getName().equals("getConnection")) {
            return proxy;
        }
        Connection physical = enter();
        try {
            Object result = Calls.pass(physical.getMetaData(), method, arguments);
            return result instanceof ResultSet rows ? RegistryResultSet.wrap(this, physical, rows, null) : result;
        } catch (SQLException e) {
            session.failed(e);
            throw e;
        } finally {
            session.leave();
        }
    }

    private Statement statement(Call creation) throws SQLException {
        Class<? extends Statement> type =
                switch (creation.method().getName()) {
                    case "createStatement" -> Statement.class;
                    case "prepareStatement" -> PreparedStatement.class;
                    default -> CallableStatement.class;
                };
        Connection physical = enter();
        try {
            return RegistryStatement.create(this, type, creation, physical);
        } finally {
            session.leave();
        }
    }

    /** Commits an open transaction; otherwise sends nothing. */
    private @Nullable Object setAutoCommit(Call call) throws SQLException {
        boolean wanted = (Boolean) Calls.first(call.arguments());
        if (session.isInUse()) {
            Connection physical = enter();
            try {
                boolean changes = physical.getAutoCommit() != wanted;
                call.on(physical);
                if (changes) {
                    state.ended(true);
                }
            } catch (SQLException e) {
                session.failed(e);
                throw e;
            } finally {
                session.leave();
            }
        } else {
            localIfAny(call);
        }
        state.autoCommit(wanted);
        return null;
    }

    /** Commit and rollback; without an open transaction, they send nothing. */
    private @Nullable Object end(Method method, boolean commit) throws SQLException {
        Call call = new Call(method, null);
        boolean ended = false;
        try {
            Object nothing = session.isInUse() ? counted(call) : local(call);
            ended = true;
            return nothing;
        } finally {
            state.ended(commit && ended); // a failed commit is a rollback
        }
    }

    /** Sets at once if that is possible without waiting, otherwise before the next call to the server. */
    private @Nullable Object set(String name, Call call) throws SQLException {
        SessionState.Repeated again = below -> {
            call.on(below);
        };
        Connection physical = session.enterAtOnce();
        if (physical == null) {
            state.setLater(name, again);
            return null;
        }
        try {
            state.applyPending(physical);
            call.on(physical);
            state.set(name, again);
            return null;
        } catch (SQLException e) {
            session.failed(e);
            throw e;
        } finally {
            session.leave();
        }
    }

    private @Nullable Object setClientInfo(Call call) throws SQLClientInfoException {
        Object what = Calls.first(call.arguments());
        try {
            return set("setClientInfo " + (what instanceof String name ? name : ""), call);
        } catch (SQLClientInfoException e) {
            throw e;
        } catch (SQLException e) {
            throw new SQLClientInfoException(e.getMessage(), e.getSQLState(), Map.of(), e);
        }
    }
}
