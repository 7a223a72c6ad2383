package dev.connectionregistry.admin.history.stage;

import dev.connectionregistry.admin.history.check.Contents;
import dev.connectionregistry.admin.history.check.Entry;
import dev.connectionregistry.local.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A scenario's database on one of the two servers: its tables, what is in them, and whether it takes writes. */
public final class Database {
    static final int ACCOUNTS = 20;
    static final long BALANCE = 1_000;
    /** Refused by a read-only transaction; a scenario's numbers are positive. */
    private static final String WRITE = "INSERT INTO entries (writer, number) VALUES ('probe', 0)";

    private static final Duration REPLAY = Duration.ofSeconds(60);

    private static final String COMMIT =
            "(extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint AS at, port";

    /** The same row taken by two servers would be two rows: that is found, not hidden by an error. */
    private static final String[] SCHEMA = {
        """
        CREATE TABLE entries (
          writer text NOT NULL,
          number bigint NOT NULL,
          sequence bigserial NOT NULL,
          port integer NOT NULL DEFAULT inet_server_port(),
          PRIMARY KEY (writer, number, port)
        )
        """,
        """
        CREATE TABLE counters (
          writer text PRIMARY KEY,
          n bigint NOT NULL,
          port integer NOT NULL DEFAULT inet_server_port()
        )
        """,
        """
        CREATE TABLE accounts (
          id integer PRIMARY KEY,
          balance bigint NOT NULL,
          port integer NOT NULL DEFAULT 0
        )
        """,
        "GRANT SELECT, INSERT, UPDATE ON entries, counters, accounts TO " + Servers.ROLE,
        "GRANT USAGE ON SEQUENCE entries_sequence_seq TO " + Servers.ROLE,
        "CREATE PUBLICATION history FOR TABLE entries, counters, accounts"
    };

    private final LocalPostgres server;
    private final String name;
    private final String password;

    private Database(LocalPostgres server, String name, String password) {
        this.server = server;
        this.name = name;
        this.password = password;
    }

    /** Creates the database with its empty tables. */
    static Database create(LocalPostgres server, String name, String password) throws SQLException {
        server.createDatabase(name).execute(name, SCHEMA);
        return new Database(server, name, password);
    }

    /** The same on a standby of its server, once it has what is there now. */
    Database on(LocalPostgres standby) throws SQLException {
        standby.awaitReplayOf(server, REPLAY);
        return new Database(standby, name, password);
    }

    /** Fills the accounts. */
    void openAccounts() throws SQLException {
        server.execute(
                name,
                "INSERT INTO accounts SELECT id, " + BALANCE + " FROM generate_series(0, " + (ACCOUNTS - 1) + ") id");
    }

    /** The server's. */
    public int port() {
        return server.port();
    }

    /** The server. */
    public LocalPostgres server() {
        return server;
    }

    /** {@code HOST:PORT/NAME}. */
    public String endpoint() {
        return server.host() + ":" + server.port() + "/" + name;
    }

    /** Executes statements as superuser, whatever fence there is. */
    public void execute(String... statements) throws SQLException {
        try (Connection connection = server.connect(name);
                Statement statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** A session as superuser, which the caller must close. */
    Connection superuser() throws SQLException {
        return server.connect(name);
    }

    /** A session as the services' role, which the caller must close. */
    public Connection login() throws SQLException {
        return server.connect(name, Servers.ROLE, password);
    }

    /** The SQLState with which a write of the services' role is refused; empty if it would be taken. Leaves nothing. */
    public Optional<String> refusal() throws SQLException {
        try (Connection connection = login();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET statement_timeout = '10s'");
            statement.execute(WRITE);
            connection.rollback();
            return Optional.empty();
        } catch (SQLException e) {
            if (e.getSQLState() == null || e.getSQLState().startsWith("08")) {
                throw e;
            }
            return Optional.of(e.getSQLState());
        }
    }

    /** All settings of the database, of roles, and of roles in the database, and who may log in: what a fence changes. */
    public List<String> configuration() throws SQLException {
        return strings("""
                SELECT 'settings ' || coalesce(d.datname, 'all') || ' ' || coalesce(r.rolname, 'all') || ' '
                  || s.setconfig::text
                FROM pg_db_role_setting s
                LEFT JOIN pg_database d ON d.oid = s.setdatabase
                LEFT JOIN pg_roles r ON r.oid = s.setrole
                WHERE s.setdatabase = 0 OR d.datname = current_database()
                UNION ALL
                SELECT 'database ' || datallowconn || ' ' || datconnlimit || ' ' || coalesce(datacl::text, '')
                FROM pg_database
                WHERE datname = current_database()
                UNION ALL
                SELECT 'role ' || rolname || ' ' || rolcanlogin || ' ' || rolconnlimit
                FROM pg_roles
                ORDER BY 1
                """);
    }

    /** Everything that is there. */
    public Contents contents() throws SQLException {
        List<Entry> entries = new ArrayList<>();
        Map<String, Long> counters = new HashMap<>();
        long[] total = new long[1];
        List<Long> commits = new ArrayList<>();
        each(
                "SELECT writer, number, sequence, port FROM entries",
                row -> entries.add(new Entry(row.getString(1), row.getLong(2), row.getLong(3), row.getInt(4))));
        each("SELECT writer, n FROM counters", row -> counters.put(row.getString(1), row.getLong(2)));
        each("SELECT sum(balance) FROM accounts", row -> total[0] = row.getLong(1));
        each("""
                SELECT at
                FROM (
                  SELECT %1$s FROM entries
                  UNION ALL SELECT %1$s FROM counters
                  UNION ALL SELECT %1$s FROM accounts
                ) own
                WHERE port = inet_server_port()
                """.formatted(COMMIT), row -> commits.add(row.getLong(1)));
        return new Contents(port(), entries, counters, total[0], commits);
    }

    /** The first column of each row. */
    List<String> strings(String sql) throws SQLException {
        List<String> strings = new ArrayList<>();
        each(sql, row -> strings.add(row.getString(1)));
        return strings;
    }

    /** Drops it, with everyone in it. */
    void drop() throws SQLException {
        server.execute(
                "postgres",
                "UPDATE pg_database SET datallowconn = false WHERE datname = '" + name + "'",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'",
                "DROP DATABASE IF EXISTS \"" + name + "\"");
    }

    @Override
    public String toString() {
        return endpoint();
    }

    private void each(String sql, Reader reader) throws SQLException {
        try (Connection connection = server.connect(name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                reader.read(row);
            }
        }
    }

    /** Takes one row. */
    private interface Reader {
        void read(ResultSet row) throws SQLException;
    }
}
