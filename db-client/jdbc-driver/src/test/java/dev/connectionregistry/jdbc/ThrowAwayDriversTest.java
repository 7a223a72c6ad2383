package dev.connectionregistry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.testing.ThrowAwayLoaders;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Applications that a container starts and stops, each with a class loader of its own, and the driver under their pools. */
@Tag("storm")
@Timeout(600)
class ThrowAwayDriversTest {
    private static final int DATA_SOURCES = 40;

    @TempDir
    private Path directory = Path.of("");

    /** What runs in each loader, given the beginning of the URLs; public, since it is called from another. */
    public static final class Application implements Consumer<String> {
        @Override
        public void accept(String url) {
            // loads and registers the driver, as the service loader does once for each JVM
            assertThat(RegistryDriver.statuses()).isEmpty();
            List<OuterPool> kinds = List.of(OuterPool.values());
            for (int i = 0; i < DATA_SOURCES; i++) {
                OuterPool kind = kinds.get(i % kinds.size());
                String own = url + "&instance=" + i;
                // leaves what a thread has borrowed in that thread, so it is one that ends
                if (kind == OuterPool.AGROAL) {
                    CompletableFuture.runAsync(() -> use(kind, own), task -> new Thread(task).start())
                            .join();
                } else {
                    use(kind, own);
                }
            }
            assertThat(RegistryDriver.statuses()).hasSize(DATA_SOURCES);
            ThrowAwayLoaders.deregisterDrivers();
        }

        private static void use(OuterPool kind, String url) {
            try {
                DataSource pool = kind.open(url, 2);
                try (Connection connection = pool.getConnection()) {
                    assertThat(connection.isValid(5)).isTrue();
                } finally {
                    OuterPool.close(pool);
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void nothingRemainsOfTwoHundredDataSourcesUnderOtherPools() throws Exception {
        try (Stage stage = new Stage(directory)) {
            ThrowAwayLoaders.requireNothingRemains(Application.class, stage.url("throw-away", ""));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(Stage.sessions(stage.first, "throw-away"))
                            .isZero());
        }
    }
}
