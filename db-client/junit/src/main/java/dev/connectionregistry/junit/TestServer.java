package dev.connectionregistry.junit;

import dev.connectionregistry.local.LocalPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/**
 * A Postgres server of a test. Immutable.
 *
 * @param host the host for connections of the service
 * @param port the port for connections of the service
 * @param superuser a role that may create databases and roles
 * @param password the superuser's
 */
public record TestServer(String host, int port, String superuser, String password) {
    /** Two servers for all tests of this JVM; they end with it. */
    private static final class Embedded {
        static final TestServer FIRST = start();
        static final TestServer SECOND = start();

        private static TestServer start() {
            LocalPostgres server =
                    LocalPostgres.start(LocalPostgres.availableMajors().last());
            return new TestServer(server.host(), server.port(), server.superuser(), server.password());
        }
    }

    /** The first of two servers, which start when they are first used and run for all tests of this JVM. */
    static TestServer first() {
        return Embedded.FIRST;
    }

    /** The second of the two servers. */
    static TestServer second() {
        return Embedded.SECOND;
    }

    /** The same server by another name. */
    TestServer withHost(String other) {
        return new TestServer(other, port, superuser, password);
    }

    /** Opens a connection as the superuser, which the caller must close. */
    public Connection connect(String postgresDatabase) throws SQLException {
        return connect(postgresDatabase, superuser, password);
    }

    Connection connect(String postgresDatabase, String user, String secret) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + host + ":" + port + "/" + postgresDatabase, user, secret);
    }

    /** Creates a role, and a database that it owns. This package chooses the names. */
    void create(String postgresDatabase, String role, String secret) throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE \"" + role + "\" LOGIN PASSWORD '" + secret + "'");
            statement.execute("CREATE DATABASE \"" + postgresDatabase + "\" OWNER \"" + role + "\"");
        }
    }

    /** Removes both, and ends their remaining sessions. */
    void drop(String postgresDatabase, String role) throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE \"" + postgresDatabase + "\" ALLOW_CONNECTIONS false");
            statement.execute(String.format(Locale.ROOT, """
                    SELECT pg_terminate_backend(pid)
                    FROM pg_stat_activity
                    WHERE datname = '%s'
                    """, postgresDatabase));
            // waits some seconds for terminated sessions to end
            statement.execute("DROP DATABASE \"" + postgresDatabase + "\"");
            statement.execute("DROP ROLE \"" + role + "\"");
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
