package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.Transition.Phase;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One process with two names whose threads hold connections of both at once; real servers, the test is the coordinator. */
class TwoNamesHoldTest {
    private static final String INSTANCE = "transfers";
    private static final Duration BUDGET = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Change CHANGE = new Change("op", Instant.EPOCH, "");
    private static final List<String> NAMES = List.of("orders", "billing");

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Map<String, RegistryDataSource> dataSources = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong numbers = new AtomicLong();

    @BeforeAll
    static void createDatabases() throws SQLException {
        for (LocalPostgres server : List.of(Servers.first(), Servers.second())) {
            for (String name : NAMES) {
                server.execute(
                        "postgres", "DROP DATABASE IF EXISTS " + postgresDatabase(name)); // when this test runs again
                server.createDatabase(postgresDatabase(name));
                server.execute(
                        postgresDatabase(name),
                        "CREATE TABLE booked (transfer bigint PRIMARY KEY)",
                        "GRANT ALL ON booked TO app");
            }
        }
    }

    private static String postgresDatabase(String name) {
        return "two_names_" + name;
    }

    @BeforeEach
    void serve() throws SQLException {
        for (String name : NAMES) {
            Servers.first().execute(postgresDatabase(name), "TRUNCATE booked");
            registry.put(name, settings(name, Servers.first()));
            dataSources.put(name, Sources.on(registry, INSTANCE).database(name).build());
        }
    }

    @AfterEach
    void nothingIsLeft() {
        threads.shutdownNow();
        dataSources.values().forEach(RegistryDataSource::close);
        Leftovers.awaitNoThreads();
        Sources.awaitNoSession(Servers.first(), INSTANCE);
        Sources.awaitNoSession(Servers.second(), INSTANCE);
    }

    private static ConnectionSettings settings(String name, LocalPostgres server) {
        ConnectionSettings settings =
                Servers.settings(new Endpoint("127.0.0.1", server.port(), postgresDatabase(name)));
        return settings.withPool(settings.pool().withConnectionTimeout(BUDGET));
    }

    private VersionedSettings current(String name) {
        return registry.history(new DatabaseName(name), 1).get(0);
    }

    /** Writes this phase of run {@code c-number} for both names. */
    private void write(int number, Phase phase) {
        for (String name : NAMES) {
            String id = "c-" + number + (name.equals("orders") ? "" : "-1");
            Transition transition = new Transition(id, phase, settings(name, Servers.second()), BUDGET);
            registry.write(current(name).nextIn(transition, CHANGE));
        }
    }

    private void writeSteady(LocalPostgres server) {
        for (String name : NAMES) {
            registry.write(current(name).next(settings(name, server), CHANGE));
        }
    }

    private void awaitAll(InstanceState state) {
        for (RegistryDataSource each : dataSources.values()) {
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(LONG)
                    .until(() -> each.status().state() == state);
        }
    }

    private RegistryDataSource dataSource(String name) {
        return Objects.requireNonNull(dataSources.get(name));
    }

    /** Books one transfer in both databases, with a connection of each at once. */
    private void transfer(String first, String second, Runnable between) throws SQLException {
        long number = numbers.incrementAndGet();
        try (Connection one = dataSource(first).getConnection()) {
            book(one, number);
            between.run();
            try (Connection other = dataSource(second).getConnection()) {
                book(other, number);
                other.commit();
            }
            one.commit();
        }
    }

    private static void book(Connection connection, long number) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO booked VALUES (" + number + ")");
        }
    }

    private static long sum(String name, LocalPostgres server) throws SQLException {
        try (Connection connection = server.connect(postgresDatabase(name));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(sum(transfer), 0) FROM booked")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static int openTransactions(LocalPostgres server) throws SQLException {
        try (Connection connection = server.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT count(*)
                        FROM pg_stat_activity
                        WHERE application_name = '%s/%s' AND xact_start IS NOT NULL
                        """.formatted(Sources.SERVICE, INSTANCE))) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void threadsThatWaitWithAConnectionOfTheOtherNameComeToTheirEndAndThenAllIsHeld() throws Exception {
        write(1, Phase.PREPARE);
        awaitAll(InstanceState.READY);
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch held = new CountDownLatch(1);
        List<Future<?>> transfers = new ArrayList<>();
        for (List<String> order : List.of(NAMES, List.of("billing", "orders"))) {
            transfers.add(threads.submit(() -> {
                transfer(order.get(0), order.get(1), () -> {
                    inside.countDown();
                    Sources.awaitQuietly(held);
                });
                return null;
            }));
        }
        assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
        write(1, Phase.HOLD);
        awaitAll(InstanceState.HOLDING);
        held.countDown(); // both gates are closed: each waits for what the other has
        for (Future<?> each : transfers) {
            each.get(30, TimeUnit.SECONDS);
        }
        awaitAll(InstanceState.HELD);
        assertThat(openTransactions(Servers.first())).isZero();
        Future<?> late = threads.submit(() -> {
            transfer("orders", "billing", () -> {});
            return null;
        });
        awaitStatus(dataSource("orders"), status -> status.pool().waiting() == 1);
        writeSteady(Servers.second());
        late.get(30, TimeUnit.SECONDS);
        for (String name : NAMES) {
            assertThat(sum(name, Servers.first())).as(name).isEqualTo(1 + 2);
            assertThat(sum(name, Servers.second())).as(name).isEqualTo(3);
        }
    }

    @Test
    void underALoadOfTransfersEveryHoldComesToAnEndWithoutAnError() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger booked = new AtomicInteger();
        List<Future<?>> load = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            String first = NAMES.get(thread % 2);
            String second = NAMES.get(1 - thread % 2);
            load.add(threads.submit(() -> {
                while (!over.get()) {
                    transfer(first, second, () -> {});
                    booked.incrementAndGet();
                }
                return null;
            }));
        }
        for (int run = 1; run <= 5; run++) {
            write(run, Phase.PREPARE);
            awaitAll(InstanceState.READY);
            int before = booked.get();
            await().atMost(LONG).until(() -> booked.get() > before + 20);
            write(run, Phase.HOLD);
            awaitAll(InstanceState.HELD);
            assertThat(openTransactions(Servers.first())).as("run " + run).isZero();
            writeSteady(Servers.first());
            awaitAll(InstanceState.ACTIVE);
        }
        over.set(true);
        for (Future<?> each : load) {
            each.get(30, TimeUnit.SECONDS);
        }
        assertThat(sum("orders", Servers.first())).isPositive().isEqualTo(sum("billing", Servers.first()));
    }
}
