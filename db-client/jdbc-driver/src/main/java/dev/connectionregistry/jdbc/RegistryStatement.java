package dev.connectionregistry.jdbc;

import dev.connectionregistry.jdbc.Calls.Call;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a {@link RegistryConnection}. If the connection has moved to another physical connection before a
 * call, the statement is created again there, with its settings. While a batch is being built, the connection counts as
 * in use, so that it can't move.
 *
 * <p>For one thread at a time, except {@code cancel} and {@code close}, as in JDBC.
 */
final class RegistryStatement<S extends Statement> implements InvocationHandler {
    private final RegistryConnection connection;
    private final Call creation;
    private final @Nullable String preparedSql;
    private final SessionSql prepared;
    private final Map<Object, Call> settings = new LinkedHashMap<>();
    private final Statement proxy;
    private volatile S statement;
    private volatile Connection physical;
    private final Class<S> type;
    private boolean batching;

    private RegistryStatement(RegistryConnection connection, Class<S> type, Call creation, Connection physical)
            throws SQLException {
        this.connection = connection;
        this.type = type;
        this.creation = creation;
        this.preparedSql = type == Statement.class ? null : (String) Calls.first(creation.arguments());
        this.prepared = preparedSql == null ? SessionSql.NOTHING : SessionSql.of(preparedSql);
        this.physical = physical;
        this.statement = createdOn(physical);
        this.proxy = Calls.proxy(type, this);
    }

    static <S extends Statement> Statement create(
            RegistryConnection connection, Class<S> type, Call creation, Connection physical) throws SQLException {
        return new RegistryStatement<>(connection, type, creation, physical).proxy;
    }

    private S createdOn(Connection below) throws SQLException {
        S created = type.cast(creation.on(below));
        if (created == null) {
            throw new SQLException("the driver made no statement");
        }
        return created;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        if (Calls.isOfObject(method)) {
            return Calls.ofObject(self, method, arguments, statement);
        }
        String name = method.getName();
        return switch (name) {
            case "getConnection" -> connection.proxy();
            case "close" -> close();
            case "unwrap" -> unwrap(self, (Class<?>) Calls.first(arguments));
            case "isWrapperFor" ->
                ((Class<?>) Calls.first(arguments)).isInstance(self)
                        || statement.isWrapperFor((Class<?>) Calls.first(arguments));
            case "getMetaData", "getParameterMetaData" -> counted(new Call(method, arguments));
            case "cancel",
                    "isClosed",
                    "clearWarnings",
                    "isPoolable",
                    "isCloseOnCompletion",
                    "wasNull",
                    "enquoteLiteral",
                    "enquoteIdentifier",
                    "isSimpleIdentifier",
                    "enquoteNCharLiteral" -> Calls.pass(statement, method, arguments);
            default ->
                name.startsWith("get")
                        ? wrapped(Calls.pass(statement, method, arguments))
                        : counted(new Call(method, arguments));
        };
    }

    private @Nullable Object close() throws SQLException {
        statement.close();
        endBatch();
        return null;
    }

    private Object unwrap(Object self, Class<?> wanted) throws SQLException {
        if (wanted.isInstance(self)) {
            return self;
        }
        connection.enter();
        try {
            connection.session().unwrapped();
            return statement.unwrap(wanted);
        } finally {
            connection.session().leave();
        }
    }

    private @Nullable Object counted(Call call) throws SQLException {
        Connection below = connection.enter();
        try {
            if (below != physical) {
                makeAgainOn(below);
            }
            boolean executes = call.method().getName().startsWith("execute");
            Object result = call.on(statement);
            if (executes) {
                executed(call);
            } else {
                keep(call);
            }
            return wrapped(result);
        } catch (SQLException e) {
            connection.session().failed(e);
            throw e;
        } finally {
            if (isBatchOver(call)) {
                endBatch();
            }
            connection.session().leave();
        }
    }

    private @Nullable Object wrapped(@Nullable Object result) {
        return result instanceof ResultSet rows ? RegistryResultSet.wrap(connection, physical, rows, proxy) : result;
    }

    private void makeAgainOn(Connection below) throws SQLException {
        if (statement.isClosed()) {
            return; // the call itself reports this
        }
        for (Call setting : settings.values()) {
            if (isStream(setting)) {
                throw new SQLNonTransientConnectionException(
                        "the database moved after a stream was set as a parameter, and the stream can't be read again;"
                                + " set the parameters and execute the statement again",
                        "08006");
            }
        }
        S again = createdOn(below);
        for (Call setting : settings.values()) {
            setting.on(again);
        }
        statement.close();
        statement = again;
        physical = below;
    }

    private static boolean isStream(Call setting) {
        Object[] arguments = setting.arguments();
        return arguments != null
                && arguments.length > 1
                && (arguments[1] instanceof InputStream || arguments[1] instanceof Reader);
    }

    /**
     * Remembers what was set, for creating the statement again; the latest value of each parameter and setting counts.
     */
    private void keep(Call call) {
        String name = call.method().getName();
        Object[] arguments = call.arguments();
        if (name.equals("clearParameters")) {
            settings.keySet().removeIf(Integer.class::isInstance);
        } else if (name.equals("addBatch")) {
            beginBatch();
        } else if (arguments != null && (name.startsWith("set") || name.startsWith("register"))) {
            boolean parameter = arguments.length > 1 && arguments[0] instanceof Integer && name.startsWith("set");
            settings.put(parameter ? arguments[0] : name + (arguments.length > 1 ? arguments[0] : ""), call);
        } else if (name.equals("closeOnCompletion")) {
            settings.put(name, call);
        }
    }

    private void beginBatch() {
        if (!batching) {
            batching = true;
            connection.session().enterAgain();
        }
    }

    private static boolean isBatchOver(Call call) {
        String name = call.method().getName();
        return name.equals("executeBatch") || name.equals("executeLargeBatch") || name.equals("clearBatch");
    }

    private void endBatch() {
        if (batching) {
            batching = false;
            connection.session().leave();
        }
    }

    /** Records what the statement did to its session, since it must be repeated if the session moves. */
    private void executed(Call call) throws SQLException {
        Object[] arguments = call.arguments();
        String sql =
                preparedSql == null && arguments != null && arguments[0] instanceof String text ? text : preparedSql;
        if (sql == null) {
            return;
        }
        SessionSql what = preparedSql == null ? SessionSql.of(sql) : prepared;
        if (what != SessionSql.NOTHING) {
            boolean inTransaction = !physical.getAutoCommit();
            connection.state().executed(what, key(sql), again(sql), inTransaction);
        }
    }

    /** The key under which a statement is remembered: a later statement with the same key replaces it. */
    private String key(String sql) {
        String parameter = SessionSql.parameter(sql);
        Call name = parameter.equals("?") ? settings.get(1) : null;
        Object[] arguments = name == null ? null : name.arguments();
        return arguments == null ? parameter : String.valueOf(arguments[1]).toUpperCase(Locale.ROOT);
    }

    private SessionState.Repeated again(String sql) {
        if (preparedSql == null) {
            return below -> {
                try (Statement repeated = below.createStatement()) {
                    repeated.execute(sql);
                }
            };
        }
        Map<Object, Call> parameters = new LinkedHashMap<>(settings);
        return below -> {
            try (PreparedStatement repeated = below.prepareStatement(sql)) {
                for (Map.Entry<Object, Call> each : parameters.entrySet()) {
                    if (each.getKey() instanceof Integer) {
                        each.getValue().on(repeated);
                    }
                }
                repeated.execute();
            }
        };
    }
}
