package dev.connectionregistry.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dedicated connection on its way through a cutover, between two real servers. */
class OrderFeedTest {
    private static final Change CHANGE = new Change("test", Instant.EPOCH, "");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LocalPostgres old =
            LocalPostgres.start(LocalPostgres.availableMajors().first());
    private final LocalPostgres next =
            LocalPostgres.start(LocalPostgres.availableMajors().last());
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final OrderFeed feed = new OrderFeed(heard::add, () -> {});

    @AfterEach
    void stop() {
        feed.close();
        next.close();
        old.close();
    }

    @Test
    void givesItsConnectionBackBeforeTheHoldAndListensOnTheTargetAfterTheSwitch(@TempDir Path folder) throws Exception {
        Path password = Files.writeString(folder.resolve("password"), "for-this-test-only");
        for (LocalPostgres server : new LocalPostgres[] {old, next}) {
            server.createDatabase("shop").createLogin("orders_app", "for-this-test-only");
        }
        ConnectionSettings here = ConnectionSettings.of(shopOn(old), "orders_app", SecretRef.parse("file:" + password))
                .withPolling(Polling.every(Duration.ofMillis(50)));
        ConnectionSettings there = here.withEndpoint(shopOn(next));
        VersionedSettings first = registry.put("orders", here);
        try (RegistryDataSource dataSource = RegistryDataSource.builder()
                .registry(registry)
                .database("orders")
                .service("orders-service")
                .listener(feed)
                .build()) {
            feed.start(dataSource);
            await().atMost(PATIENCE).until(() -> hears(old, "before"));

            VersionedSettings prepare =
                    first.nextIn(new Transition("c-1", Transition.Phase.PREPARE, there, Duration.ofSeconds(5)), CHANGE);
            registry.write(prepare);
            await().atMost(PATIENCE).until(() -> dataSource.status().state() == InstanceState.READY);
            assertThat(dataSource.status().pool().active())
                    .as("connections kept while ready for the hold")
                    .isZero();

            registry.write(prepare.next(there, CHANGE));
            await().atMost(PATIENCE).until(() -> hears(next, "after"));
            feed.close(); // before the data source, which would wait for its connection
        }
    }

    /** Notifies once more, and looks whether any notification with this text has arrived. */
    private boolean hears(LocalPostgres server, String text) throws SQLException {
        try (Connection connection = server.connect("shop");
                ResultSet sent = connection
                        .createStatement()
                        .executeQuery("SELECT pg_notify('" + OrderFeed.CHANNEL + "', '" + text + "')")) {
            sent.next();
        }
        return heard.contains(text);
    }

    private static Endpoint shopOn(LocalPostgres server) {
        return new Endpoint(server.host(), server.port(), "shop");
    }
}
