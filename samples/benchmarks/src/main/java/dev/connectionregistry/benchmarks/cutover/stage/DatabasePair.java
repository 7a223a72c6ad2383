package dev.connectionregistry.benchmarks.cutover.stage;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LogicalReplication;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** One round's database, on the source and, replicated, on the target. For one thread, except that any may close it. */
public final class DatabasePair implements AutoCloseable {
    private static final Duration COPY_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LEAVE_PAUSE = Duration.ofMillis(10);

    private static final String END_SESSIONS = """
            SELECT count(pg_terminate_backend(pid))
            FROM pg_stat_activity
            WHERE datname = ? AND backend_type = 'client backend'
            """;

    private final Servers servers;
    private final String name;
    private final LogicalReplication replication;
    private boolean closed;

    private DatabasePair(Servers servers, String name, LogicalReplication replication) {
        this.servers = servers;
        this.name = name;
        this.replication = replication;
    }

    /**
     * Makes both databases with an empty table and a sequence, and waits until replication follows the changes.
     *
     * @param name lower-case letters, digits and {@code _}
     * @throws BenchmarkException if that fails; what was made then goes with the servers
     */
    public static DatabasePair create(Servers servers, String name) {
        try {
            for (LocalPostgres server : new LocalPostgres[] {servers.old(), servers.next()}) {
                server.createDatabase(name)
                        .execute(name, schema(servers.application().role()));
            }
            LogicalReplication replication = LogicalReplication.startNamed(name, servers.old(), servers.next(), name);
            // without it the target confirms up to 200 ms later, when its WAL is flushed for other reasons
            servers.next().execute(name, "ALTER SUBSCRIPTION " + name + " SET (synchronous_commit = on)");
            return new DatabasePair(servers, name, replication.awaitInitialCopy(COPY_TIMEOUT));
        } catch (SQLException | RuntimeException e) {
            throw new BenchmarkException("cannot make the databases " + name, e);
        }
    }

    /** An order taken twice, or by both servers, makes two rows: that is found, not hidden by an error. */
    private static String[] schema(String role) {
        return new String[] {
            """
            CREATE TABLE orders (
              id uuid NOT NULL,
              number bigserial,
              item text NOT NULL,
              accepted_by integer NOT NULL DEFAULT inet_server_port(),
              PRIMARY KEY (number, accepted_by)
            )
            """, "GRANT SELECT, INSERT ON orders TO " + role, "GRANT USAGE ON SEQUENCE orders_number_seq TO " + role
        };
    }

    /** Its name, on both servers. */
    public String name() {
        return name;
    }

    /** The name of its publication, subscription and slot. */
    public String replication() {
        return name;
    }

    /** The servers it is on. */
    public Servers servers() {
        return servers;
    }

    /** {@code HOST:PORT/NAME} on the source. */
    public String sourceEndpoint() {
        return endpoint(servers.old());
    }

    /** {@code HOST:PORT/NAME} on the target. */
    public String targetEndpoint() {
        return endpoint(servers.next());
    }

    private String endpoint(LocalPostgres server) {
        return server.host() + ":" + server.port() + "/" + name;
    }

    /** The operator's connection to the source, which the caller must close. */
    public Connection operatorOnSource() throws SQLException {
        return servers.old()
                .connect(name, servers.operator().role(), servers.operator().password());
    }

    /** The operator's connection to the target, which the caller must close. */
    public Connection operatorOnTarget() throws SQLException {
        return servers.next()
                .connect(name, servers.operator().role(), servers.operator().password());
    }

    /** Ends what still uses the databases and drops them. Idempotent; does nothing on servers that have ended. */
    @Override
    public void close() throws SQLException {
        if (closed || !servers.old().isRunning() || !servers.next().isRunning()) {
            return;
        }
        closed = true;
        servers.old().execute("postgres", "ALTER DATABASE " + name + " RESET default_transaction_read_only");
        replication.drop();
        drop(servers.old());
        drop(servers.next());
    }

    private void drop(LocalPostgres server) throws SQLException {
        try (Connection connection = server.connect("postgres");
                PreparedStatement endSessions = connection.prepareStatement(END_SESSIONS)) {
            endSessions.setString(1, name);
            Deadline.in(LEAVE_TIMEOUT, "the end of all sessions in " + name + " on " + server)
                    .await(LEAVE_PAUSE, () -> Sql.number(endSessions) == 0);
        }
        server.execute("postgres", "DROP DATABASE " + name);
    }
}
