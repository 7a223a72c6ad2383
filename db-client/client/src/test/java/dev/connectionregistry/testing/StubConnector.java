package dev.connectionregistry.testing;

import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.settings.ConnectionSettings;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A driver whose connections do nothing but know where they are and whether they are open; real Hikari runs on it. Endpoints
 * can be told to refuse. Thread-safe.
 */
public final class StubConnector implements Connector {
    private final Map<String, SQLException> refusals = new ConcurrentHashMap<>();
    private final Set<AtomicBoolean> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    /** From now on this host refuses connections with {@code failure}; null makes it accept them again. */
    public void refuse(String host, @Nullable SQLException failure) {
        if (failure == null) {
            refusals.remove(host);
        } else {
            refusals.put(host, failure);
        }
    }

    /** How many connections are open now. */
    public int openConnections() {
        return open.size();
    }

    /** How many were ever opened. */
    public int openedConnections() {
        return opened.get();
    }

    /** How many were ended on the "server". */
    public int endedConnections() {
        return ended.get();
    }

    @Override
    public Connection open(ConnectionSettings settings) throws SQLException {
        String host = settings.endpoint().host();
        SQLException refusal = refusals.get(host);
        if (refusal != null) {
            throw refusal;
        }
        opened.incrementAndGet();
        AtomicBoolean closed = new AtomicBoolean();
        open.add(closed);
        return (Connection) Proxy.newProxyInstance(
                StubConnector.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> answer(proxy, method, arguments, host, closed));
    }

    private Object answer(
            Object proxy, Method method, Object @Nullable [] arguments, String host, AtomicBoolean closed) {
        return switch (method.getName()) {
            case "close", "abort" -> {
                closed.set(true);
                open.remove(closed);
                yield "";
            }
            case "isClosed" -> closed.get();
            case "isValid" -> !closed.get();
            case "getAutoCommit" -> true;
            case "getCatalog", "getSchema", "toString" -> host;
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> arguments != null && proxy == arguments[0];
            case "getTransactionIsolation", "getNetworkTimeout", "getHoldability" -> 2;
            case "isReadOnly", "isWrapperFor" -> false;
            default -> "";
        };
    }

    @Override
    public Ended end(ConnectionSettings settings, Collection<Connection> connections) {
        ended.addAndGet(connections.size());
        return new Ended(0, connections.size(), 0);
    }
}
