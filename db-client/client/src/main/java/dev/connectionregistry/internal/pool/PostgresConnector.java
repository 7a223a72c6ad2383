package dev.connectionregistry.internal.pool;

import dev.connectionregistry.core.internal.bounds.BoundsOwner;
import dev.connectionregistry.core.internal.bounds.LoginGuard;
import dev.connectionregistry.core.internal.bounds.SettingsBounds;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.core.internal.util.HostChoice;
import dev.connectionregistry.core.internal.util.LoginDeadline;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.ServerRole;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.postgresql.Driver;

/**
 * Connections to Postgres. Every step of opening one is bounded: TCP by {@code connectTimeout}; each answer of the
 * handshake and the validation by a socket time-out, which is then set to what the settings ask for; and the whole
 * login by a {@link LoginDeadline}. The bounds are long enough for a server that is busy starting the backends of a
 * whole fleet: giving up on those would only make it start more. Thread-safe.
 */
public final class PostgresConnector implements Connector {
    private static final String READ_ONLY = "readOnly";
    private static final int CONNECT_SECONDS = 5;
    private static final int HANDSHAKE_SECONDS = 10;
    private static final int CANCEL_SECONDS = 2;
    /**
     * The whole login, with the validation, may take as long as this many handshakes, plus the time to connect to the
     * server.
     */
    private static final long LOGIN_HANDSHAKES = 2;

    private final Driver driver = new Driver();
    private final Passwords passwords;
    private final String applicationName;
    private final LoginGuard guard;
    private final HostChoice hosts = new HostChoice();

    /** Uses the default bounds. */
    public PostgresConnector(SecretResolvers secrets, String applicationName) {
        this(secrets, applicationName, new LoginGuard(SettingsBounds.DEFAULT, BoundsOwner.SERVICE));
    }

    /**
     * Connections that log in with passwords from {@code secrets}.
     *
     * @param applicationName the name that the server shows in {@code pg_stat_activity}
     * @param guard checks each login
     */
    public PostgresConnector(SecretResolvers secrets, String applicationName, LoginGuard guard) {
        this.passwords = new Passwords(secrets);
        this.applicationName = applicationName;
        this.guard = guard;
    }

    @Override
    public Connection open(ConnectionSettings settings) throws SQLException {
        return openWritable(settings).connection();
    }

    @Override
    public Reached openWritable(ConnectionSettings settings) throws SQLException {
        return reach(settings, AcceptedPrimary.WRITABLE);
    }

    @Override
    public Reached openFencedToo(ConnectionSettings settings) throws SQLException {
        return reach(settings, AcceptedPrimary.FENCED_TOO);
    }

    private Reached reach(ConnectionSettings settings, AcceptedPrimary accepts) throws SQLException {
        if (settings.endpoint().hosts().size() > 1) {
            admitted(settings); // all hosts must be admitted before any is contacted
        }
        return hosts.open(settings.endpoint(), settings.role(), new HostChoice.Logins<Validated>() {
                    @Override
                    public Validated open(Endpoint host, int hostsLeft) throws SQLException {
                        return reachHost(settings.withEndpoint(host), accepts);
                    }

                    @Override
                    public boolean isStandby(Validated session) {
                        return session.standby();
                    }

                    @Override
                    public void close(Validated session) {
                        closeQuietly(session.reached().connection());
                    }
                })
                .reached();
    }

    /** A session that meets the settings' demands. */
    private record Validated(Reached reached, boolean standby) {}

    private Validated reachHost(ConnectionSettings settings, AcceptedPrimary accepts) throws SQLException {
        Map<String, String> admitted = admitted(settings);
        Passwords.Attempt<LoggedIn> login = password -> connect(settings, admitted, accepts, password);
        LoggedIn session = passwords.logIn(settings, login);
        Connection connection = session.connection();
        try (LoginDeadline deadline = session.deadline()) {
            ServerFacts facts = facts(connection, settings);
            requireRole(facts, settings, accepts);
            setTimeZone(connection, settings);
            if (Boolean.parseBoolean(admitted.get(READ_ONLY))) {
                connection.setReadOnly(true);
            }
            deadline.passed();
            connection.setNetworkTimeout(Runnable::run, socketTimeoutMillis(settings));
            return new Validated(
                    new Reached(connection, facts.readOnly(), Optional.of(facts.identity())), facts.inRecovery());
        } catch (SQLException | RuntimeException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    /** A session that isn't validated yet, with the time that remains for that. */
    private record LoggedIn(Connection connection, LoginDeadline deadline) {}

    /** The properties to log in with; called before any password is looked up and any server is contacted. */
    private Map<String, String> admitted(ConnectionSettings settings) throws SQLException {
        try {
            return guard.admit(settings.endpoint(), settings.password(), settings.properties());
        } catch (InvalidSettingsException e) {
            throw new SQLNonTransientConnectionException(String.valueOf(e.getMessage()), "28000", e);
        }
    }

    @Override
    public long passwordChanges(ConnectionSettings settings) {
        return settings.endpoint().each().stream()
                .mapToLong(host -> passwords.changes(settings.withEndpoint(host)))
                .sum();
    }

    private LoggedIn connect(
            ConnectionSettings settings, Map<String, String> admitted, AcceptedPrimary accepts, Secret password)
            throws SQLException {
        Endpoint endpoint = settings.endpoint();
        Properties properties = new Properties();
        properties.put("connectTimeout", String.valueOf(CONNECT_SECONDS));
        properties.put("tcpKeepAlive", "true");
        properties.put("cancelSignalTimeout", String.valueOf(CANCEL_SECONDS));
        properties.putAll(admitted);
        if (accepts
                == AcceptedPrimary
                        .FENCED_TOO) { // "always" makes setReadOnly(false), as pools call it, lift the fence for the
            // session
            properties.replace("readOnlyMode", "always", "transaction");
        }
        properties.remove(READ_ONLY); // set after the validation, which must see the server's own state
        properties.put("socketTimeout", String.valueOf(handshakeSeconds(settings)));
        properties.put("ApplicationName", applicationName);
        properties.put("user", settings.username());
        properties.put("password", password.reveal());
        Duration bound = Duration.ofSeconds(CONNECT_SECONDS + LOGIN_HANDSHAKES * handshakeSeconds(settings));
        LoginDeadline deadline = LoginDeadline.begin(bound);
        boolean bounded = deadline.bind(properties, Driver.class.getClassLoader());
        // the driver's own bound needs a thread for each login, which lives for as long as the server likes
        properties.put("loginTimeout", bounded ? "0" : String.valueOf(bound.toSeconds()));
        try {
            Connection connection = driver.connect(url(endpoint), properties);
            if (connection == null) {
                throw new SQLNonTransientConnectionException("the driver refused the URL of " + endpoint, "08001");
            }
            return new LoggedIn(connection, deadline);
        } catch (SQLException e) {
            deadline.close();
            throw failure("can't connect to ", settings, e);
        } catch (RuntimeException | Error e) {
            deadline.close();
            throw e;
        }
    }

    private SQLException failure(String what, ConnectionSettings settings, SQLException cause) {
        return new SQLNonTransientConnectionException(
                what + settings.endpoint() + " as " + settings.username() + ": "
                        + Printable.shortLine(withRootCause(cause)) + TlsAdvice.about(settings, cause)
                        + guard.advice(String.valueOf(cause.getMessage())),
                cause.getSQLState(),
                cause);
    }

    /** The driver's message, plus the network's error where the driver only says that something failed. */
    private static String withRootCause(SQLException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(failure.getMessage());
        return root == failure || message.contains(String.valueOf(root.getMessage()))
                ? message
                : message + " (" + root.getClass().getSimpleName() + ": " + root.getMessage() + ")";
    }

    private static String url(Endpoint endpoint) {
        return "jdbc:postgresql://" + endpoint.hosts().get(0) + "/"
                + URLEncoder.encode(endpoint.databaseName(), StandardCharsets.UTF_8);
    }

    /**
     * The settings' own {@code socketTimeout}, in milliseconds; without it, statements may take as long as they like.
     */
    private static int socketTimeoutMillis(ConnectionSettings settings) throws SQLException {
        return 1000 * socketTimeoutSeconds(settings);
    }

    private static int socketTimeoutSeconds(ConnectionSettings settings) throws SQLException {
        String seconds = settings.properties().getOrDefault("socketTimeout", "0");
        if (!seconds.matches("\\d{1,6}")) {
            throw new SQLNonTransientConnectionException(
                    "driver property 'socketTimeout' is '" + seconds + "'; write whole seconds, 0 to 999999", "08001");
        }
        return Integer.parseInt(seconds);
    }

    /** Not longer than a statement may take. */
    private static int handshakeSeconds(ConnectionSettings settings) throws SQLException {
        int wanted = socketTimeoutSeconds(settings);
        return wanted > 0 ? Math.min(wanted, HANDSHAKE_SECONDS) : HANDSHAKE_SECONDS;
    }

    /** Fails if the server isn't acceptable. */
    private static void requireRole(ServerFacts facts, ConnectionSettings settings, AcceptedPrimary accepts)
            throws SQLException {
        String refusal = facts.refusal(accepts);
        if (refusal != null && settings.role() == ServerRole.PRIMARY) {
            throw new SQLNonTransientConnectionException(
                    settings.endpoint() + " " + refusal + "; the settings want a primary"
                            + (facts.inRecovery()
                                    ? ""
                                    : " (a server that a cutover has left stays fenced: see 'registry-admin cutover"
                                            + " status')"),
                    "25006");
        }
    }

    /**
     * The driver sends the JVM's own time zone with each login, and on the server it takes precedence over
     * {@code options}.
     */
    private void setTimeZone(Connection connection, ConnectionSettings settings) throws SQLException {
        Optional<String> zone = LoginGuard.timeZone(settings.properties());
        if (zone.isEmpty()) {
            return;
        }
        try (PreparedStatement set =
                connection.prepareStatement("SELECT pg_catalog.set_config('TimeZone', ?, false)")) {
            set.setString(1, zone.get());
            set.execute();
        } catch (SQLException e) {
            throw failure("can't set the time zone of 'options' at ", settings, e);
        }
    }

    private ServerFacts facts(Connection connection, ConnectionSettings settings) throws SQLException {
        try {
            return ServerFacts.of(connection);
        } catch (SQLException e) {
            throw failure("can't validate ", settings, e);
        }
    }

    @Override
    public Ended end(ConnectionSettings settings, Collection<Connection> connections) {
        List<Endpoint> hosts = settings.endpoint().each();
        Map<Endpoint, List<Connection>> byHost =
                connections.stream().collect(Collectors.groupingBy(each -> hostOf(each, hosts)));
        Ended all = Ended.NONE;
        for (Map.Entry<Endpoint, List<Connection>> there : byHost.entrySet()) {
            ConnectionSettings host = settings.withEndpoint(there.getKey());
            all = all.and(new BackendTerminator(this, host).end(there.getValue()));
        }
        return all;
    }

    /**
     * A session can only be ended on its own server. If its connection was closed meanwhile, there is nothing left to
     * end.
     */
    private static Endpoint hostOf(Connection connection, List<Endpoint> hosts) {
        try {
            String url = hosts.size() == 1 ? "" : connection.getMetaData().getURL();
            return hosts.stream()
                    .filter(host -> url(host).equals(url))
                    .findFirst()
                    .orElse(hosts.get(0));
        } catch (SQLException e) {
            return hosts.get(0);
        }
    }

    static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // nothing more can be done for a connection that is being discarded
        }
    }
}
