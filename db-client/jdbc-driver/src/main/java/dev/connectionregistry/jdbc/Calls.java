package dev.connectionregistry.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Calls on JDBC objects that proxies pass on. Stateless. */
final class Calls {
    private static final Object[] NONE = {};

    private Calls() {}

    /** A method with its arguments. Immutable as far as the arguments are. */
    static final class Call {
        private final Method method;
        private final @Nullable Object @Nullable [] arguments;

        Call(Method method, @Nullable Object @Nullable [] arguments) {
            this.method = method;
            this.arguments = arguments;
        }

        Method method() {
            return method;
        }

        @Nullable
        Object @Nullable [] arguments() {
            return arguments;
        }

        @Nullable
        Object on(Object target) throws SQLException {
            return pass(target, method, arguments);
        }
    }

    /**
     * Calls {@code method} on {@code target}.
     *
     * @throws SQLException if the method throws it
     */
    static @Nullable Object pass(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        try {
            return method.invoke(target, arguments == null ? NONE : arguments);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            if (cause instanceof SQLException failure) {
                throw failure;
            }
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            if (cause instanceof Error failure) {
                throw failure;
            }
            throw new SQLException(String.valueOf(cause), cause); // JDBC methods declare no other checked exception
        } catch (IllegalAccessException e) {
            throw new SQLException(method + " can't be called", e);
        }
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(Calls.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** The results of {@code equals}, {@code hashCode} and {@code toString} for a proxy, which only equals itself. */
    static Object ofObject(Object proxy, Method method, @Nullable Object @Nullable [] arguments, Object shown) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> shown.toString();
        };
    }

    static boolean isOfObject(Method method) {
        return method.getDeclaringClass() == Object.class;
    }

    static Object first(@Nullable Object @Nullable [] arguments) {
        Object first = arguments == null ? null : arguments[0];
        if (first == null) {
            throw new IllegalArgumentException("the argument is null");
        }
        return first;
    }
}
