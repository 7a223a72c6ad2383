package dev.connectionregistry.local;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;

/** How to log in to one server on this machine. Immutable. */
final class PostgresConnections {

    static final String HOST = "127.0.0.1";

    private static final String SUPERUSER = PostgresBinaries.SUPERUSER;
    private static final Map<String, String> PATIENT = Map.of("connectTimeout", "10");
    private static final Map<String, String> IMPATIENT = Map.of("connectTimeout", "2", "socketTimeout", "5");

    private final int port;

    PostgresConnections(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    String jdbcUrl(String database) {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + database;
    }

    /** The form that libpq expects. */
    String connectionString(String database, String password) {
        return "host=" + HOST + " port=" + port + " user=" + SUPERUSER + " password=" + password + " dbname="
                + database;
    }

    /** Waits at most 10 seconds for the server; statements have no time-out. The caller must close the connection. */
    Connection connect(String database, String user, String password) throws SQLException {
        return connect(database, user, password, PATIENT);
    }

    private Connection connect(String database, String user, String password, Map<String, String> more)
            throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.putAll(more);
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /** Executes statements as superuser on one connection, each in its own transaction. */
    void execute(String database, String password, String... statements) throws SQLException {
        try (Connection connection = connect(database, SUPERUSER, password);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Whether the superuser can log in and gets an answer now. */
    boolean accepts(String password) {
        try (Connection connection = connect("postgres", SUPERUSER, password, IMPATIENT)) {
            return connection.isValid(2);
        } catch (SQLException notYet) {
            return false;
        }
    }
}
