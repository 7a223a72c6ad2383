package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.testing.Servers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a pool has when it is open, and soon after. */
class GenerationOpenerTest extends StubPools {
    GenerationOpenerTest() {
        super("state PREPARING");
    }

    /** Warming it takes longer than Hikari's first look, and the next one is 30 s later. */
    @Test
    void aPoolIsFilledToItsMinimumIdleAsSoonAsItIsOpen() throws Exception {
        ConnectionSettings settings = Servers.settings(new Endpoint("new", 5432, "orders"));
        PoolGeneration pool =
                open(settings.withPool(settings.pool().withMaximumSize(20).withMinimumIdle(20)), 6);
        assertThat(pool.figures().idle()).isGreaterThanOrEqualTo(6);
        await().atMost(Duration.ofSeconds(5)).until(() -> pool.figures().idle() == 20);
    }

    /** Hikari sleeps for 30 ms after each connection that it opens itself; also where no connection ever has to end. */
    @Test
    void noneOfHikarisSleepsIsPartOfTheTimeToOpenAPool() throws Exception {
        int size = 300;
        PoolSettings usual = PoolSettings.DEFAULT;
        PoolSettings forEver = new PoolSettings(
                size,
                size,
                usual.connectionTimeout(),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                usual.validationTimeout(),
                usual.drainGrace(),
                Duration.ZERO);
        long begun = System.nanoTime();
        PoolGeneration pool =
                open(Servers.settings(new Endpoint("new", 5432, "orders")).withPool(forEver), size);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("half of what the sleeps take")
                .isLessThan(Duration.ofMillis(30L * size / 2));
        assertThat(pool.figures().idle()).isEqualTo(size);
    }
}
