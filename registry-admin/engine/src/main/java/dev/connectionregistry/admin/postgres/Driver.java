package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.core.internal.util.LoginDeadline;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.settings.Endpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Opens connections, each within a bound: that is one for the whole login, also where a server accepts and says nothing. */
public final class Driver {
    private static final org.postgresql.Driver DRIVER = new org.postgresql.Driver();

    /** The driver's own bound comes first: it can be interrupted, but leaves a thread behind that the deadline ends. */
    private static final Duration AFTER_THE_DRIVER = Duration.ofSeconds(1);

    private Driver() {}

    /**
     * Logs in to the server itself.
     *
     * @throws SQLException as the driver says; 28000 if the operator\'s bounds refuse the login, or the password can\'t be found;
     *     without a state if a connection pooler is in between
     */
    public static Connection connect(Login login, String applicationName, Deadline bound) throws SQLException {
        return connect(login, properties(login, applicationName, bound), Optional.empty(), bound);
    }

    /** The same, but waits at {@code gate}, within {@code bound} as well. The login must fit ({@link PasswordGate#fits}). */
    public static Connection connect(Login login, String applicationName, PasswordGate gate, Deadline bound)
            throws SQLException {
        try {
            Properties properties = properties(login, applicationName, bound);
            gate.bind(properties);
            return connect(login, properties, Optional.of(gate), bound);
        } finally {
            gate.abandon();
        }
    }

    private static Connection connect(Login login, Properties properties, Optional<PasswordGate> gate, Deadline bound)
            throws SQLException {
        try (LoginDeadline deadline = LoginDeadline.begin(bound.left().plus(AFTER_THE_DRIVER))) {
            gate.ifPresent(deadline::tell);
            if (deadline.bind(properties, DRIVER.getClass().getClassLoader())) {
                gate.ifPresent(PasswordGate::hears);
            }
            Connection connection = DRIVER.connect(url(login.endpoint()), properties);
            if (connection == null) {
                throw new SQLException("the driver refused the URL of " + login.endpoint(), "08001");
            }
            Connection direct = direct(connection, login);
            deadline.passed();
            return direct;
        } catch (SQLException e) {
            String advice = login.password().advice(String.valueOf(e.getMessage()));
            throw advice.isEmpty() ? e : new SQLException(e.getMessage() + advice, e.getSQLState(), e);
        }
    }

    private static Connection direct(Connection connection, Login login) throws SQLException {
        try {
            Pooler.refuse(connection, login.endpoint());
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static Properties properties(Login login, String applicationName, Deadline bound) throws SQLException {
        String seconds = Integer.toString(bound.secondsLeft());
        Properties properties = new Properties();
        properties.putAll(admitted(login));
        properties.put("connectTimeout", seconds);
        properties.put("socketTimeout", seconds);
        properties.put("loginTimeout", seconds);
        properties.put("cancelSignalTimeout", "1");
        properties.put("tcpKeepAlive", "true");
        properties.put("logServerErrorDetail", "false"); // a detail may repeat data of a row
        properties.put("ApplicationName", applicationName);
        properties.put("user", login.username());
        properties.put("password", password(login));
        return properties;
    }

    private static Map<String, String> admitted(Login login) throws SQLException {
        try {
            return login.password().admit(login.properties());
        } catch (SecretException e) {
            throw new SQLException(e.getMessage(), "28000", e);
        }
    }

    private static String password(Login login) throws SQLException {
        try {
            return login.password().get().reveal();
        } catch (SecretException e) {
            throw new SQLException(e.getMessage(), "28000", e);
        }
    }

    private static String url(Endpoint endpoint) {
        String host = endpoint.host().indexOf(':') >= 0 ? "[" + endpoint.host() + "]" : endpoint.host();
        String name = URLEncoder.encode(endpoint.databaseName(), StandardCharsets.UTF_8);
        return "jdbc:postgresql://" + host + ":" + endpoint.port() + "/" + name;
    }
}
