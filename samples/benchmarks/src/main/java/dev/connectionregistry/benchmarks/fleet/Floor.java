package dev.connectionregistry.benchmarks.fleet;

import dev.connectionregistry.benchmarks.cutover.Median;
import dev.connectionregistry.benchmarks.cutover.side.registry.Registry;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.benchmarks.cutover.stage.Deadline;
import dev.connectionregistry.benchmarks.cutover.stage.Login;
import dev.connectionregistry.benchmarks.cutover.stage.Sql;
import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the same servers need, with nothing else to do, for what no hold can do without.
 *
 * @param endMillis ending as many idle sessions of the source as the pools have, until none is left
 * @param notifyMillis one NOTIFY on the target to as many listeners as there are instances, until the last has it
 * @param writesMillis two conditional writes of settings, of HOLD and of the switch
 */
record Floor(double endMillis, double notifyMillis, double writesMillis) {
    private static final int ROUNDS = 3;
    private static final Duration GONE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration GONE_PAUSE = Duration.ofMillis(1);

    private static final String END = """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = ? AND backend_type = 'client backend'
            """;
    private static final String LEFT = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = ? AND backend_type = 'client backend'
            """;

    /** All three, one after the other. */
    double millis() {
        return endMillis + notifyMillis + writesMillis;
    }

    /**
     * Measures each some times, and takes the medians.
     *
     * @param sessions how many are ended
     * @param listeners how many hear the NOTIFY
     * @throws BenchmarkException if something of it can't be done
     */
    static Floor measure(DatabasePair pair, Registry registry, int sessions, int listeners, Cleanup cleanup) {
        try {
            return new Floor(end(pair, sessions, cleanup), notify(pair, listeners, cleanup), writes(pair, registry));
        } catch (SQLException e) {
            throw new BenchmarkException("the floor cannot be measured", e);
        }
    }

    private static double end(DatabasePair pair, int sessions, Cleanup cleanup) throws SQLException {
        Login application = pair.servers().application();
        List<Double> millis = new ArrayList<>();
        try (Connection operator = pair.operatorOnSource();
                PreparedStatement end = operator.prepareStatement(END);
                PreparedStatement left = operator.prepareStatement(LEFT)) {
            end.setString(1, application.role());
            left.setString(1, application.role());
            for (int i = 0; i < ROUNDS; i++) {
                try (Sessions idle = cleanup.add(new Sessions())) {
                    idle.open(pair.servers().old(), pair.name(), application, sessions);
                    long start = System.nanoTime();
                    Sql.number(end);
                    Deadline.in(GONE_TIMEOUT, "the end of " + sessions + " sessions")
                            .await(GONE_PAUSE, () -> Sql.number(left) == 0);
                    millis.add((System.nanoTime() - start) / 1e6);
                    cleanup.closeNow(idle);
                }
            }
        }
        return Median.of(millis);
    }

    private static double notify(DatabasePair pair, int count, Cleanup cleanup) throws SQLException {
        List<Double> millis = new ArrayList<>();
        try (Connection operator = pair.operatorOnTarget();
                Sessions sessions = cleanup.add(new Sessions())) {
            sessions.open(pair.servers().next(), pair.name(), pair.servers().application(), count);
            Listeners listeners = Listeners.start(sessions.all());
            for (int i = 0; i < ROUNDS; i++) {
                long start = System.nanoTime();
                Sql.execute(operator, "NOTIFY " + Listeners.CHANNEL);
                millis.add((listeners.awaitAll() - start) / 1e6);
            }
            cleanup.closeNow(sessions);
        }
        return Median.of(millis);
    }

    /** The content stays the same, and no instance is there yet that would read it. */
    private static double writes(DatabasePair pair, Registry registry) {
        List<Double> millis = new ArrayList<>();
        try (DynamoDbRegistryAdministration administration = registry.administration()) {
            ReadResult read = administration.read(new DatabaseName(pair.name()));
            if (!(read instanceof ReadResult.Found found)) {
                throw new BenchmarkException("the settings of " + pair.name() + " cannot be read: " + read);
            }
            VersionedSettings settings = found.settings();
            for (int i = 0; i <= ROUNDS; i++) {
                long start = System.nanoTime();
                settings = write(administration, write(administration, settings));
                if (i > 0) { // the first is the client's warm-up
                    millis.add((System.nanoTime() - start) / 1e6);
                }
            }
        }
        return Median.of(millis);
    }

    private static VersionedSettings write(DynamoDbRegistryAdministration administration, VersionedSettings current) {
        VersionedSettings next = current.next(current.settings(), new Change("benchmark", Instant.now(), "floor"));
        WriteResult result = administration.write(next);
        if (!(result instanceof WriteResult.Written)) {
            throw new BenchmarkException("version " + next.version() + " could not be written: " + result);
        }
        return next;
    }

    /** Idle sessions. For one thread, except that any may close them. */
    private static final class Sessions implements AutoCloseable {
        private final List<Connection> connections = new ArrayList<>();

        void open(LocalPostgres server, String database, Login login, int count) throws SQLException {
            for (int i = 0; i < count; i++) {
                connections.add(server.connect(database, login.role(), login.password()));
            }
        }

        List<Connection> all() {
            return List.copyOf(connections);
        }

        @Override
        public void close() throws SQLException {
            for (Connection connection : List.copyOf(connections)) {
                connection.close();
            }
        }
    }
}
