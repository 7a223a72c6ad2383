package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.core.internal.util.HostChoice;
import dev.connectionregistry.core.internal.util.LoginDeadline;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.ServerRole;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Opens connections, each within a bound for the whole login, which holds even if a server accepts the connection and
 * then says nothing. With several hosts they go to the primary: nothing that this program does can be done on a
 * standby.
 */
public final class Driver {
    private static final org.postgresql.Driver DRIVER = new org.postgresql.Driver();

    /** The driver's own bound comes first: it can be interrupted, but leaves a thread behind that the deadline ends. */
    private static final Duration AFTER_THE_DRIVER = Duration.ofSeconds(1);

    private static final HostChoice HOSTS = new HostChoice();

    private Driver() {}

    record Opened(Connection connection, Login login) {}

    /**
     * Logs in to the server itself.
     *
     * @throws SQLException as the driver says; 28000 if the operator's bounds refuse the login, or the password can't
     *     be found; without a state if a connection pooler is in between; with several hosts, what each of them says
     */
    public static Connection connect(Login login, String applicationName, Deadline bound) throws SQLException {
        return open(login, applicationName, bound).connection();
    }

    /** The same, and says which host was reached. */
    static Opened open(Login login, String applicationName, Deadline bound) throws SQLException {
        boolean alone = login.endpoint().hosts().size() == 1;
        if (!alone) {
            admitted(login); // all hosts must pass, or none is contacted
        }
        return HOSTS.open(login.endpoint(), ServerRole.PRIMARY, new HostChoice.Logins<Opened>() {
            @Override
            public Opened open(Endpoint host, int hostsLeft) throws SQLException {
                Login there = login.at(host);
                Deadline part = alone ? bound : Deadline.of(bound.left().dividedBy(hostsLeft));
                Connection connection =
                        connect(there, properties(there, applicationName, part), Optional.empty(), part);
                if (!alone) {
                    requirePrimary(connection, host);
                }
                return new Opened(connection, there);
            }

            @Override
            public boolean isStandby(Opened session) {
                return false;
            }

            @Override
            public void close(Opened session) {
                closeQuietly(session.connection());
            }
        });
    }

    private static void requirePrimary(Connection connection, Endpoint host) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_is_in_recovery()")) {
            row.next();
            if (row.getBoolean(1)) {
                throw new SQLException(host + " is in recovery (a standby)", HostChoice.OTHER_KIND);
            }
        } catch (SQLException | RuntimeException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // the connection is being thrown away
        }
    }

    /**
     * The same, but waits at {@code gate}, within {@code bound} as well. The login must fit ({@link PasswordGate#fits}) and have one
     * host.
     */
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
        properties.put(
                "flushCacheOnDdl", "false"); // raising the fence is DDL: in the hold every query would be planned again
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
        return "jdbc:postgresql://" + endpoint.hosts().get(0) + "/"
                + URLEncoder.encode(endpoint.databaseName(), StandardCharsets.UTF_8);
    }
}
