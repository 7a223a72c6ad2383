package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Closing takes bounded time and leaves nothing, at whatever moment it comes. */
class CloseTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
        Sources.awaitNoSession(Servers.first(), "close");
        Sources.awaitNoSession(Servers.second(), "close");
    }

    private static Duration timeToClose(RegistryDataSource dataSource) {
        long start = System.nanoTime();
        dataSource.close();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void itIsQuickWhenNothingIsInUseAndMayBeRepeated() {
        registry.put("orders", Servers.settings(Servers.first()));
        RegistryDataSource dataSource = Sources.on(registry, "close").build();
        assertThat(timeToClose(dataSource)).isLessThan(Duration.ofSeconds(3));
        assertThat(timeToClose(dataSource)).isLessThan(Duration.ofSeconds(1));
        assertThat(dataSource.status().state()).isEqualTo(InstanceState.STOPPED);
        assertThat(dataSource.status().isServing()).isFalse();
        assertThat(dataSource.toString()).contains("orders", "STOPPED");
    }

    @Test
    void whatIsNeverReturnedIsEndedOnTheServer() throws Exception {
        registry.put("orders", Servers.settings(Servers.first()));
        RegistryDataSource dataSource = Sources.on(registry, "close").build();
        Connection forgotten = dataSource.getConnection();
        forgotten.setAutoCommit(false);
        try (Statement statement = forgotten.createStatement()) {
            statement.execute("INSERT INTO writes (id) VALUES ('forgotten')");
        }
        assertThat(timeToClose(dataSource)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(12));
        assertThat(dataSource.status().cutConnections()).isEqualTo(1);
        assertThat(catchThrowable(forgotten::commit)).isNotNull();
    }

    @Test
    void withoutAGraceWhatIsInUseIsEndedAtOnce() throws Exception {
        registry.put("orders", Servers.settings(Servers.first()));
        RegistryDataSource dataSource =
                Sources.on(registry, "close").closeGrace(Duration.ZERO).build();
        Connection forgotten = dataSource.getConnection();
        assertThat(timeToClose(dataSource)).isLessThan(Duration.ofSeconds(4));
        assertThat(dataSource.status().cutConnections()).isPositive();
        assertThat(catchThrowable(() -> forgotten.createStatement().execute("SELECT 1")))
                .isNotNull();
    }

    @Test
    void itDoesNotWaitForTheGraceOfADrain() throws Exception {
        registry.put("orders", Servers.settings(Servers.first()));
        RegistryDataSource dataSource = Sources.on(registry, "close").build();
        Connection old = dataSource.getConnection();
        ConnectionSettings next = Servers.settings(Servers.second());
        registry.put("orders", next.withPool(next.pool().withDrainGrace(Duration.ofHours(1))));
        awaitVersion(dataSource, 2);
        CompletableFuture<Duration> closing = Background.supply(() -> timeToClose(dataSource));
        await().until(() -> dataSource.status().state() == InstanceState.STOPPED);
        assertThat(Servers.major(old)).isEqualTo(17);
        old.close();
        assertThat(closing.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void itDoesNotWaitLongForAPoolThatIsBeingOpened() throws Exception {
        try (TcpGate gate = TcpGate.to("127.0.0.1", Servers.second().port())) {
            gate.hang();
            registry.put("orders", Servers.settings(Servers.first()));
            RegistryDataSource dataSource = Sources.on(registry, "close").build();
            registry.put(
                    "orders",
                    Servers.settings(new Endpoint(gate.host(), gate.port(), "orders"))
                            .withProperties(Map.of("socketTimeout", "1")));
            await().until(() -> gate.connections() > 0);
            assertThat(timeToClose(dataSource)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void anInterruptedThreadClosesToTheEndAndStaysInterrupted() {
        registry.put("orders", Servers.settings(Servers.first()));
        RegistryDataSource dataSource = Sources.on(registry, "close").build();
        Thread.currentThread().interrupt();
        dataSource.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Servers.sessions(Servers.first(), "faults/close")).isZero();
    }

    @Test
    void buildingCanBeInterrupted() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        AtomicBoolean flagged = new AtomicBoolean();
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread builder = new Thread(() -> {
            Throwable failure = catchThrowable(() -> Sources.on(new SlowRegistry(reading, answer), "close")
                    .build()
                    .close());
            flagged.set(Thread.currentThread().isInterrupted());
            ended.complete(failure);
        });
        builder.start();
        assertThat(reading.await(5, TimeUnit.SECONDS)).isTrue();
        builder.interrupt();
        assertThat(ended.get(5, TimeUnit.SECONDS))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("interrupted while starting");
        assertThat(flagged).isTrue();
        answer.countDown();
    }

    /** Never answers a read before it is told to. */
    private record SlowRegistry(CountDownLatch reading, CountDownLatch answer) implements SettingsRegistry {
        @Override
        public ReadResult read(DatabaseName database) {
            reading.countDown();
            try {
                answer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new ReadResult.Absent(java.util.Optional.empty());
        }

        @Override
        public java.util.Optional<InstanceReport> report(InstanceReport report) {
            return java.util.Optional.empty();
        }

        @Override
        public String describe() {
            return "a slow registry";
        }
    }
}
