package dev.connectionregistry.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a statement; leads back to the user's statement and connection. Reading rows needs no gate: they are in
 * memory, or their cursor's transaction is open. Changing rows does.
 */
final class RegistryResultSet implements InvocationHandler {
    private final RegistryConnection connection;
    private final Connection physical;
    private final ResultSet rows;
    private final @Nullable Statement statement;

    private RegistryResultSet(
            RegistryConnection connection, Connection physical, ResultSet rows, @Nullable Statement statement) {
        this.connection = connection;
        this.physical = physical;
        this.rows = rows;
        this.statement = statement;
    }

    static ResultSet wrap(
            RegistryConnection connection, Connection physical, ResultSet rows, @Nullable Statement statement) {
        return Calls.proxy(ResultSet.class, new RegistryResultSet(connection, physical, rows, statement));
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        if (Calls.isOfObject(method)) {
            return Calls.ofObject(self, method, arguments, rows);
        }
        return switch (method.getName()) {
            case "getStatement" -> statement;
            case "unwrap" ->
                ((Class<?>) Calls.first(arguments)).isInstance(self) ? self : Calls.pass(rows, method, arguments);
            case "insertRow", "updateRow", "deleteRow", "refreshRow" -> change(method, arguments);
            default -> Calls.pass(rows, method, arguments);
        };
    }

    private @Nullable Object change(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        Connection now = connection.enter();
        try {
            if (now != physical) {
                throw new SQLNonTransientConnectionException(
                        "the database has moved since these rows were read; read them again", "08006");
            }
            return Calls.pass(rows, method, arguments);
        } catch (SQLException e) {
            connection.session().failed(e);
            throw e;
        } finally {
            connection.session().leave();
        }
    }
}
