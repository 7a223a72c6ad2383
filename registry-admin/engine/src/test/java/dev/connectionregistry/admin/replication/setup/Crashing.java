package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.replication.server.Publications;
import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.ReplicationServers;
import dev.connectionregistry.admin.replication.server.Slots;
import dev.connectionregistry.admin.replication.server.Subscriptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Real servers on which the program ends right after a certain statement has changed something. */
final class Crashing {
    private static final Set<String> CHANGES = Set.of(
            "create",
            "createSlice",
            "createFollowing",
            "add",
            "drop",
            "connect",
            "useSlot",
            "enable",
            "disable",
            "refresh");

    private final ReplicationServers real;
    private final AtomicInteger left;

    /** Ends after the {@code after}th change. */
    Crashing(ReplicationServers real, int after) {
        this.real = real;
        this.left = new AtomicInteger(after);
    }

    /** What the program ends with. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash(String after) {
            super("ended after " + after);
        }
    }

    ReplicationServers servers() {
        return (login, bound) -> wrapped(ReplicationServer.class, real.open(login, bound));
    }

    private <T> T wrapped(Class<T> type, T target) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    Object result;
                    try {
                        result = method.invoke(target, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (type != ReplicationServer.class
                            && CHANGES.contains(method.getName())
                            && left.decrementAndGet() == 0) {
                        throw new Crash(method.getName());
                    }
                    return port(method.getName(), result);
                }));
    }

    private Object port(String name, Object result) {
        return switch (name) {
            case "publications" -> wrapped(Publications.class, (Publications) result);
            case "slots" -> wrapped(Slots.class, (Slots) result);
            case "subscriptions" -> wrapped(Subscriptions.class, (Subscriptions) result);
            default -> result;
        };
    }
}
