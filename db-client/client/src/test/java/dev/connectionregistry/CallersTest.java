package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import dev.connectionregistry.testing.StubConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers of a pool with nothing free get, and when. */
class CallersTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final StubConnector connector = new StubConnector();

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
        assertThat(connector.openConnections()).isZero();
    }

    private RegistryDataSource withPlaces(int places, Duration timeout) {
        ConnectionSettings settings = Servers.settings(new Endpoint("stub", 5432, "orders"));
        registry.put(
                "orders",
                settings.withPool(settings.pool()
                        .withMaximumSize(places)
                        .withMinimumIdle(0)
                        .withConnectionTimeout(timeout)));
        return Sources.on(registry, "callers").connector(connector).build();
    }

    /** How a caller was turned away. */
    private record Refusal(
            Throwable thrown, String sqlState, @Nullable Throwable next) {}

    /** Borrows and gives back; null if that worked. */
    private static @Nullable Refusal refusal(RegistryDataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return connection.isClosed() ? new Refusal(new AssertionError("closed"), "", null) : null;
        } catch (SQLException e) {
            return new Refusal(e, String.valueOf(e.getSQLState()), e.getNextException());
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void waitAsLongAsTheSettingsSayAndLearnWhatTheyWaitedFor() throws Exception {
        try (RegistryDataSource dataSource = withPlaces(1, Duration.ofMillis(450));
                Connection only = dataSource.getConnection()) {
            long start = System.nanoTime();
            Refusal refusal = Objects.requireNonNull(refusal(dataSource));
            assertThat(since(start)).isBetween(Duration.ofMillis(440), Duration.ofSeconds(2));
            assertThat(refusal.thrown())
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContainingAll(
                            "orders: no connection within 450 ms",
                            "state ACTIVE, version 1, generation 1, endpoint stub:5432/orders",
                            "active=1, idle=0, waiting=0, maximumSize=1");
            assertThat(refusal.sqlState()).isEqualTo("08001");
            assertThat(only.isClosed()).isFalse();
        }
    }

    /** Hikari hands its last failure to the first waiter that asks; here everybody learns of it. */
    @Test
    void allLearnWhyNoConnectionCouldBeOpened() throws Exception {
        try (RegistryDataSource dataSource = withPlaces(3, Duration.ofMillis(800));
                Connection held = dataSource.getConnection()) {
            connector.refuse("stub", new SQLException("stub.example refused", "08004"));
            List<Refusal> refusals =
                    Stream.generate(() -> Background.supply(() -> refusal(dataSource))).limit(4).toList().stream()
                            .map(CompletableFuture::join)
                            .toList();
            assertThat(refusals).allSatisfy(refusal -> {
                assertThat(refusal.thrown()).hasMessageEndingWith("stub.example refused");
                assertThat(refusal.sqlState()).isEqualTo("08004");
                assertThat(refusal.next()).hasMessage("stub.example refused");
            });
            connector.refuse("stub", null);
            await().until(() -> !held.isClosed() && refusal(dataSource) == null);
        }
    }

    @Test
    void areNotToldOfAFailureThatIsOver() throws Exception {
        try (RegistryDataSource dataSource = withPlaces(2, Duration.ofSeconds(1));
                Connection first = dataSource.getConnection()) {
            connector.refuse("stub", new SQLException("stub.example refused", "08004"));
            assertThat(Objects.requireNonNull(refusal(dataSource)).thrown())
                    .hasMessageContaining("stub.example refused");
            connector.refuse("stub", null);
            await().until(() -> dataSource.status().pool().idle() == 1 || refusal(dataSource) == null);
            try (Connection second = dataSource.getConnection()) {
                assertThat(Objects.requireNonNull(refusal(dataSource)).thrown().getMessage())
                        .doesNotContain("refused");
                assertThat(List.of(first, second)).noneMatch(CallersTest::isClosed);
            }
        }
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    @Test
    void canBeInterruptedAndStayInterrupted() throws Exception {
        try (RegistryDataSource dataSource = withPlaces(1, Duration.ofSeconds(60));
                Connection only = dataSource.getConnection()) {
            AtomicBoolean flagged = new AtomicBoolean();
            CompletableFuture<Refusal> ended = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                Refusal refusal = refusal(dataSource);
                flagged.set(Thread.currentThread().isInterrupted());
                ended.complete(refusal);
            });
            caller.start();
            await().until(() -> dataSource.status().pool().waiting() == 1);
            caller.interrupt();
            Refusal refusal = ended.get(2, TimeUnit.SECONDS);
            assertThat(refusal.thrown()).hasMessageContaining("interrupted while waiting for a connection");
            assertThat(refusal.sqlState()).isEqualTo("57014");
            assertThat(flagged).isTrue();
            assertThat(only.isClosed()).isFalse();
        }
    }

    @Test
    void areServedAsSoonAsAConnectionIsReturned() throws Exception {
        try (RegistryDataSource dataSource = withPlaces(1, Duration.ofSeconds(60))) {
            Connection only = dataSource.getConnection();
            List<CompletableFuture<Refusal>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(Background.supply(() -> refusal(dataSource)));
            }
            await().until(() -> dataSource.status().pool().waiting() > 0);
            only.close();
            for (CompletableFuture<Refusal> each : waiting) {
                assertThat(each.get(3, TimeUnit.SECONDS)).isNull();
            }
        }
    }

    @Test
    void areTurnedAwayAtOnceWhenTheDataSourceCloses() throws Exception {
        RegistryDataSource dataSource = withPlaces(1, Duration.ofSeconds(60));
        Connection only = dataSource.getConnection();
        CompletableFuture<Refusal> waiting = Background.supply(() -> refusal(dataSource));
        await().until(() -> dataSource.status().pool().waiting() == 1);
        CompletableFuture<Void> closing = Background.run(dataSource::close);
        Refusal refusal = waiting.get(2, TimeUnit.SECONDS);
        assertThat(refusal.thrown()).hasMessage("orders: the data source is closed");
        assertThat(refusal.sqlState()).isEqualTo("08003");
        assertThat(only.isClosed()).isFalse(); // it has its grace
        only.close();
        closing.get(3, TimeUnit.SECONDS);
        assertThat(refusal(dataSource)).returns("08003", Refusal::sqlState);
    }
}
