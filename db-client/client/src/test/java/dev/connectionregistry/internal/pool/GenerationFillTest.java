package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.connectionregistry.core.internal.bounds.BoundsOwner;
import dev.connectionregistry.core.internal.bounds.LoginGuard;
import dev.connectionregistry.core.internal.bounds.SettingsBounds;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.pool.PoolOptions;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a generation is filled from a real server, through a gate that is slow, breaks or hangs. */
@Timeout(120)
class GenerationFillTest {
    private static final String NAME = "filling";
    private static final int SIZE = 12;

    private final TcpGate gate = TcpGate.to("127.0.0.1", Servers.second().port());
    private final Counting connector = new Counting();
    private final ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
    private final List<PoolGeneration> open = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        open.forEach(PoolGeneration::close);
        housekeeper.shutdownNow();
        gate.close();
        Leftovers.awaitNoThreads();
        awaitNoSessions();
        assertThat(connector.running).hasValue(0);
    }

    private static void awaitNoSessions() {
        await().atMost(Duration.ofSeconds(20)).until(() -> Servers.sessions(Servers.second(), NAME) == 0);
    }

    /** The real connector; counts, and lets something happen when so many connections are open. */
    private static final class Counting implements Connector {
        private final PostgresConnector real = new PostgresConnector(
                new SecretResolvers(List.of(Servers.secrets())),
                NAME,
                new LoginGuard(SettingsBounds.DEFAULT, BoundsOwner.SERVICE));
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger succeeded = new AtomicInteger();
        private volatile int when = Integer.MAX_VALUE;
        private volatile Runnable happens = () -> {};

        void when(int connections, Runnable something) {
            happens = something;
            when = connections;
        }

        @Override
        public Reached openWritable(ConnectionSettings settings) throws SQLException {
            begun.incrementAndGet();
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                Reached reached = real.openWritable(settings);
                if (succeeded.incrementAndGet() == when) {
                    happens.run();
                }
                return reached;
            } finally {
                running.decrementAndGet();
            }
        }

        @Override
        public Connection open(ConnectionSettings settings) throws SQLException {
            return real.open(settings);
        }

        @Override
        public Ended end(ConnectionSettings settings, Collection<Connection> connections) {
            return real.end(settings, connections);
        }
    }

    private ConnectionSettings settings() {
        ConnectionSettings settings = Servers.settings(new Endpoint(gate.host(), gate.port(), "orders"));
        return settings.withPool(PoolSettings.DEFAULT.withMaximumSize(SIZE).withMinimumIdle(SIZE));
    }

    private GenerationOpener opener(ConnectionSettings settings, int lately) {
        return opener(settings, lately, PoolEnvironment.NONE);
    }

    private GenerationOpener opener(ConnectionSettings settings, int lately, PoolEnvironment customs) {
        return new GenerationOpener(
                "orders",
                1,
                settings,
                lately,
                connector,
                AcceptedPrimary.WRITABLE,
                failure -> {},
                customs,
                housekeeper);
    }

    private PoolGeneration opened(ConnectionSettings settings, int lately) throws SQLException {
        PoolGeneration generation = opener(settings, lately).open();
        open.add(generation);
        return generation;
    }

    @Test
    void aPoolIsFullInTheTimeOfAFewLoginsAndNeverMoreThanFourRunAtATime() throws Exception {
        gate.delay(Duration.ofMillis(10));
        long begun = System.nanoTime();
        connector.real.open(settings()).close();
        long login = System.nanoTime() - begun;
        begun = System.nanoTime();
        PoolGeneration generation = opened(settings(), SIZE);
        long took = System.nanoTime() - begun;
        assertThat(generation.figures().idle()).isEqualTo(SIZE);
        assertThat(took).as("one login takes %d ns", login).isLessThan(login * SIZE * 6 / 10);
        assertThat(connector.most).hasValue(FillPace.MOST);
        assertThat(connector.begun)
                .as("each was validated, and none opened by Hikari")
                .hasValue(SIZE);
        assertThat(Servers.sessions(Servers.second(), NAME)).isEqualTo(SIZE);
        gate.delay(Duration.ZERO);
        useEach(generation);
    }

    private static void useEach(PoolGeneration generation) throws SQLException {
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            all.add(generation.take());
        }
        for (Connection each : all) {
            try (Statement statement = each.createStatement()) {
                assertThat(statement.execute("SELECT 1")).isTrue();
            }
            each.close();
        }
    }

    @Test
    void whatIsNotNeededAtOnceIsOpenedAfterwardsJustAsQuickly() throws Exception {
        PoolGeneration generation = opened(settings(), 1);
        await().until(() -> generation.figures().idle() == SIZE);
        assertThat(connector.begun).hasValue(SIZE);
        assertThat(connector.most.get()).isBetween(2, FillPace.MOST);
    }

    @Test
    void aWrongPasswordIsTriedOnce() {
        ConnectionSettings wrong = ConnectionSettings.of(
                        settings().endpoint(), "app", SecretRef.parse("env:WRONG_PASSWORD"))
                .withPool(settings().pool());
        assertThatThrownBy(() -> opened(wrong, SIZE)).hasMessageContaining("password authentication failed");
        assertThat(connector.begun).hasValue(1);
    }

    @Test
    void aServerThatRefusesConnectionsIsTriedOnce() {
        gate.cut();
        assertThatThrownBy(() -> opened(settings(), SIZE)).isInstanceOf(SQLException.class);
        assertThat(connector.begun).hasValue(1);
    }

    @Test
    void aServerThatHasNoRoomForAllIsLeftAlone() throws Exception {
        Servers.second().execute("postgres", "ALTER ROLE app CONNECTION LIMIT 5");
        try {
            assertThatThrownBy(() -> opened(settings(), SIZE)).hasMessageContaining("too many connections for role");
            assertThat(connector.begun.get()).isLessThanOrEqualTo(5 + FillPace.MOST);
            awaitNoSessions();
        } finally {
            Servers.second().execute("postgres", "ALTER ROLE app CONNECTION LIMIT -1");
        }
    }

    @Test
    void aServerThatIsStoppedHalfWayLeavesNothing() throws Exception {
        try (LocalPostgres own = LocalPostgres.start(17)) {
            Servers.prepare(own);
            gate.redirect("127.0.0.1", own.port());
            connector.when(5, own::kill);
            assertThatThrownBy(() -> opened(settings(), SIZE)).isInstanceOf(SQLException.class);
            assertThat(connector.succeeded.get()).isLessThan(SIZE);
            await().until(() -> gate.connections() == 0);
        }
    }

    @Test
    void aGenerationThatIsGivenUpHalfWayEndsAtOnceAndClosesWhatComesLater() throws Exception {
        connector.when(3, gate::hang);
        GenerationOpener opener = opener(settings(), SIZE);
        CompletableFuture<Throwable> opening = Background.supply(() -> catchThrowable(opener::open));
        await().until(() -> connector.succeeded.get() >= 3 && connector.running.get() > 0);
        long begun = System.nanoTime();
        opener.cancel();
        assertThat(opening.get(20, TimeUnit.SECONDS)).hasMessageContaining("abandoned for newer settings");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        gate.heal();
        await().until(() -> connector.running.get() == 0);
        await().until(() -> gate.connections() == 0);
        assertThat(connector.begun.get()).isLessThan(SIZE);
    }

    @Test
    void aGenerationThatIsClosedWhileItIsFilledLeavesNothing() throws Exception {
        connector.when(3, gate::hang);
        PoolGeneration generation = opened(settings(), 1);
        await().until(() -> connector.succeeded.get() >= 3 && connector.running.get() > 0);
        CompletableFuture<Void> closing = Background.run(generation::close);
        await().until(generation::isClosed);
        gate.heal();
        closing.get(20, TimeUnit.SECONDS);
        await().until(() -> gate.connections() == 0);
    }

    @Test
    void aGenerationThatIsDrainedWhileItIsFilledOpensNoMore() throws Exception {
        gate.delay(Duration.ofMillis(20));
        PoolGeneration generation = opened(settings(), 1);
        await().until(() -> connector.running.get() > 1);
        assertThat(generation.retire(Duration.ZERO, connector)).isEqualTo(Connector.Ended.NONE);
        assertThat(connector.begun.get()).isLessThan(SIZE);
        await().until(() -> gate.connections() == 0);
    }

    /** An interrupt closes the socket of a virtual thread that reads from it; so none may come during a login. */
    @Test
    void aServicesVirtualThreadsFillAPoolToo() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads");
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Method factory = Class.forName("java.lang.Thread$Builder").getMethod("factory");
        PoolOptions options = PoolOptions.DEFAULT
                .withThreadFactory((ThreadFactory) factory.invoke(builder))
                .withTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE); // Hikari sends a statement for it
        PoolGeneration generation =
                opener(settings(), SIZE, new PoolEnvironment(options, null)).open();
        open.add(generation);
        useEach(generation);
        assertThat(connector.begun).as("none was lost").hasValue(SIZE);
    }
}
