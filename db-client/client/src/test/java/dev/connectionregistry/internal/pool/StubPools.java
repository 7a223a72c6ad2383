package dev.connectionregistry.internal.pool;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;

/** Pools on the stub driver, and a borrower in front of them, for tests of what callers get. */
abstract class StubPools {
    final StubConnector connector = new StubConnector();
    private final ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
    final ExecutorService callers = Executors.newCachedThreadPool();
    final Borrower borrower;
    final List<PoolGeneration> generations = new ArrayList<>();

    /** {@code state} is what the data source says of itself in messages. */
    StubPools(String state) {
        borrower = new Borrower("orders", () -> state);
    }

    @AfterEach
    void closeAll() {
        generations.forEach(PoolGeneration::close);
        callers.shutdownNow();
        housekeeper.shutdownNow();
    }

    /** A generation of at most {@code size} connections to {@code host}, whose callers wait at most {@code timeout}. */
    PoolGeneration open(String host, int size, Duration timeout) throws SQLException {
        ConnectionSettings settings = Servers.settings(new Endpoint(host, 5432, "orders"));
        return open(settings.withPool(settings.pool().withMaximumSize(size).withConnectionTimeout(timeout)), 1);
    }

    /** A generation that has {@code lately} connections when it counts as open. */
    PoolGeneration open(ConnectionSettings settings, int lately) throws SQLException {
        PoolGeneration generation = new GenerationOpener(
                        "orders",
                        generations.size() + 1L,
                        settings,
                        lately,
                        connector,
                        AcceptedPrimary.WRITABLE,
                        failure -> {},
                        PoolEnvironment.NONE,
                        housekeeper)
                .open();
        generations.add(generation);
        return generation;
    }
}
