package dev.connectionregistry.samples.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.watch.RegistryWatcher;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A reactive client moves between two real servers under load. */
class FollowingPoolTest {
    private static final String PASSWORD = "correct-horse-battery";

    @SuppressWarnings("NullAway.Init") // startServers does
    private static LocalPostgres first;

    @SuppressWarnings("NullAway.Init")
    private static LocalPostgres second;

    @SuppressWarnings("NullAway.Init")
    private static Vertx vertx;

    private final InMemoryRegistry registry = new InMemoryRegistry();

    @BeforeAll
    static void startServers() throws SQLException {
        first = server(17);
        second = server(18);
        vertx = Vertx.vertx();
    }

    private static LocalPostgres server(int major) throws SQLException {
        LocalPostgres server = LocalPostgres.start(major);
        server.createDatabase("orders").createLogin("app", PASSWORD);
        server.execute("orders", "CREATE TABLE writes (id int PRIMARY KEY)", "GRANT ALL ON writes TO app");
        return server;
    }

    @AfterAll
    static void stopServers() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
        first.close();
        second.close();
    }

    private static ConnectionSettings on(LocalPostgres server) {
        return ConnectionSettings.of(
                        new Endpoint("127.0.0.1", server.port(), "orders"), "app", SecretRef.parse("x-test:app"))
                .withPolling(Polling.every(Duration.ofMillis(50)));
    }

    private RegistryWatcher watcher(FollowingPool pool) {
        return RegistryWatcher.builder()
                .registry(registry)
                .database("orders")
                .service("reactive")
                .secrets(new Passwords())
                .follower(pool)
                .start();
    }

    private InstanceReport report() {
        return registry.fleet(new DatabaseName("orders")).get(0);
    }

    @Test
    void movesUnderLoadWithoutAFailedOrLostWrite() throws Exception {
        registry.put("orders", on(first));
        FollowingPool pool = new FollowingPool(vertx);
        Load load = new Load(pool);
        try (RegistryWatcher watcher = watcher(pool)) {
            load.start(8);
            for (int move = 0; move < 6; move++) {
                LocalPostgres to = move % 2 == 0 ? second : first;
                long version = registry.put("orders", on(to)).version();
                await().until(() -> report().version() == version);
                int before = load.written.size();
                await().until(() -> load.written.size() > before + 20);
            }
            load.stop();
            assertThat(watcher.status().problem()).isEmpty();
        } finally {
            pool.close();
        }
        assertThat(load.failures).isEmpty();
        assertThat(rows(first) + rows(second)).isEqualTo(load.written.size());
        assertThat(rows(first)).isPositive();
        assertThat(rows(second)).isPositive();
        await().untilAsserted(
                        () -> assertThat(sessions(first) + sessions(second)).isZero());
    }

    @Test
    void staysWhereItIsWhenTheSettingsAskForWhatThisClientDoesNotKnow() throws Exception {
        registry.put("orders", on(first));
        FollowingPool pool = new FollowingPool(vertx);
        try (RegistryWatcher watcher = watcher(pool)) {
            registry.put("orders", on(second).withProperties(Map.of("sslmode", "verify-full")));
            await().until(() -> report().state() == InstanceState.REJECTED);
            assertThat(watcher.status().problem().orElseThrow())
                    .contains("doesn't know the driver properties [sslmode]");
            assertThat(port(pool)).isEqualTo(first.port());
            registry.put(
                    "orders",
                    on(second)
                            .withEndpoint(Endpoint.parse(
                                    "127.0.0.1:" + second.port() + ",127.0.0.1:" + first.port() + "/orders")));
            await().until(() -> watcher.status()
                    .problem()
                    .orElse("")
                    .contains("connects to one host, and the settings name several"));
            assertThat(port(pool)).isEqualTo(first.port());
        } finally {
            pool.close();
        }
    }

    @Test
    void aPoolThatWasReplacedTakesNoMoreWorkWhileItEndsWhatItHas() {
        PoolInUse used = new PoolInUse(PgBuilder.pool()
                .connectingTo(new PgConnectOptions())
                .using(vertx)
                .build());
        assertThat(used.enter()).isTrue();
        used.retire();
        assertThat(used.enter()).isFalse();
        used.leave();
        assertThat(used.enter()).isFalse();
    }

    private static int port(FollowingPool pool) throws Exception {
        return pool.with(current -> current.query("SELECT current_setting('port')::int")
                        .execute()
                        .map(rows -> rows.iterator().next().getInteger(0)))
                .await(10, TimeUnit.SECONDS);
    }

    private static int rows(LocalPostgres server) {
        return number(server, "SELECT count(*) FROM writes");
    }

    private static int sessions(LocalPostgres server) {
        return number(server, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'vertx-orders'");
    }

    private static int number(LocalPostgres server, String query) {
        try (Connection connection = server.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writers that each write one row after the other. */
    private static final class Load {
        private final FollowingPool pool;
        private final AtomicInteger numbers = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Set<Integer> written = ConcurrentHashMap.newKeySet();
        private final Set<String> failures = ConcurrentHashMap.newKeySet();

        Load(FollowingPool pool) {
            this.pool = pool;
        }

        void start(int writers) {
            running.set(writers);
            for (int i = 0; i < writers; i++) {
                next();
            }
        }

        private void next() {
            int number = numbers.incrementAndGet();
            write(number).onComplete(result -> {
                if (result.succeeded()) {
                    written.add(number);
                } else {
                    failures.add(String.valueOf(result.cause()));
                }
                if (stopped.get()) {
                    running.decrementAndGet();
                } else {
                    next();
                }
            });
        }

        private Future<Void> write(int number) {
            return pool.with(current ->
                    current.withTransaction(client -> client.preparedQuery("INSERT INTO writes (id) VALUES ($1)")
                            .execute(Tuple.of(number))
                            .mapEmpty()));
        }

        void stop() {
            stopped.set(true);
            await().until(() -> running.get() == 0);
        }
    }

    private static final class Passwords implements SecretResolver {
        @Override
        public String scheme() {
            return "x-test";
        }

        @Override
        public Secret resolve(SecretRequest request) {
            return new Secret(PASSWORD);
        }
    }
}
