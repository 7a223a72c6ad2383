package dev.connectionregistry.benchmarks.hotpath;

import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.settings.ConnectionSettings;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A driver whose connections do nothing. Both variants get the same ones; between a checkout and its close Hikari calls
 * one of their methods ({@code clearWarnings}), which is answered before anything is looked up. Thread-safe.
 */
public final class StubDriver implements Connector {
    @Override
    public Connection open(ConnectionSettings settings) {
        return connect();
    }

    private static Connection connect() {
        AtomicBoolean closed = new AtomicBoolean();
        return proxy(Connection.class, (self, method, arguments) -> answer(self, method, arguments, closed));
    }

    private static @Nullable Object answer(
            Object self, Method method, Object @Nullable [] arguments, AtomicBoolean closed) {
        return switch (method.getName()) {
            case "clearWarnings" -> null;
            case "close", "abort" -> {
                closed.set(true);
                yield null;
            }
            case "isClosed" -> closed.get();
            case "isValid", "getAutoCommit" -> true;
            case "isReadOnly" -> false;
            case "getTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
            case "getNetworkTimeout" -> 0;
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> arguments != null && self == arguments[0];
            case "toString" -> "a connection that does nothing";
            default -> null;
        };
    }

    /** The same connections, for Hikari alone. */
    public DataSource dataSource() {
        return proxy(DataSource.class, (self, method, arguments) -> switch (method.getName()) {
            case "getConnection" -> connect();
            case "getLoginTimeout" -> 0;
            default -> null;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(StubDriver.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public Ended end(ConnectionSettings settings, Collection<Connection> connections) {
        return Ended.NONE;
    }
}
