package dev.connectionregistry.core.internal.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.Background;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snapshot file is always whole. */
class SnapshotFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does
    private Path folder;

    @Test
    void whoeverReadsWhileItIsReplacedSeesOneWholeVersion() throws Exception {
        SnapshotFile file = new SnapshotFile(folder.resolve("deep/down/orders.json"), new DatabaseName("orders"));
        ConnectionSettings settings =
                ConnectionSettings.of(Endpoint.parse("db:5432/orders"), "app", SecretRef.parse("env:PASSWORD"));
        file.save(new SnapshotFile.Content(1, settings));
        CompletableFuture<Void> writer = Background.run(() -> {
            for (long version = 2; version <= 100; version++) {
                try {
                    file.save(new SnapshotFile.Content(version, settings));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        });
        long last = 1;
        while (!writer.isDone()) {
            SnapshotFile.Content seen = file.load();
            assertThat(seen.version()).isGreaterThanOrEqualTo(last);
            assertThat(seen.settings()).isEqualTo(settings);
            last = seen.version();
        }
        writer.join();
        assertThat(file.load().version()).isEqualTo(100);
    }
}
