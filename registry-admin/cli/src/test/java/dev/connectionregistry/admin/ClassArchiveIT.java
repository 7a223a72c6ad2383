package dev.connectionregistry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.Distribution.Run;
import dev.connectionregistry.local.LocalDynamoDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that the launcher makes, so that commands start quickly. */
class ClassArchiveIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void isMadeAtTheFirstRunAndUsedAtTheNext() throws Exception {
        Path log = folder.resolve("classes.log");
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Map<String, String> logged =
                Map.of("XDG_CACHE_HOME", cache.toString(), "REGISTRY_ADMIN_JAVA_OPTS", "-Xlog:class+load:file=" + log);
        try (LocalDynamoDb server = LocalDynamoDb.start()) {
            Distribution distribution = new Distribution(server, "archive", folder, logged);
            distribution.initWithOrders();
            Run first = distribution.run("list");
            assertThat(first.err()).isEmpty();
            await().atMost(Duration.ofMinutes(1)).until(() -> archives(cache) == 1);

            assertThat(distribution.run("list")).isEqualTo(first);
            assertThat(Files.readString(log))
                    .containsPattern("admin\\.RegistryAdmin source: shared objects file \\(top\\)");

            distribution.run("cutover", "status", "orders"); // which the training doesn't run
            assertThat(Files.readString(log))
                    .as("classes of every module are in the archive")
                    .containsPattern("admin\\.cutover\\.\\S+ source: shared objects file \\(top\\)")
                    .doesNotContainPattern("dev\\.connectionregistry\\.\\S+ source: (file|jar):");
        }
    }

    private static long archives(Path cache) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.toString().endsWith(".jsa")).count();
        }
    }
}
