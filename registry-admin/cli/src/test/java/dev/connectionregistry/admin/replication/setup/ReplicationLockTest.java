package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.Terminalless.Run;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two runs at once on one replication. */
@Tag("database-side")
@Timeout(180)
class ReplicationLockTest {
    private static final String MAKES_A_SLOT = """
            SELECT 1
            FROM pg_stat_activity
            WHERE datname = current_database()
              AND query LIKE '%pg_create_logical_replication_slot%'
              AND state = 'active'
              AND pid <> pg_backend_pid()
            """;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void refusesStartStopAndReverseWhileAStartIsAtWorkAndSaysWhoItIs() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            pair.both("CREATE TABLE orders (id bigint PRIMARY KEY)");
            pair.source.execute(pair.name, "INSERT INTO orders VALUES (1)");
            Pair.requireDone(pair.plan());
            CompletableFuture<Run> first = new CompletableFuture<>();
            Thread start = new Thread(() -> first.complete(pair.start()), "first");
            try (Connection writer = pair.source.connect(pair.name)) {
                writer.setAutoCommit(false);
                writer.createStatement().execute("INSERT INTO orders VALUES (2)");
                start.start();
                await("that it waits for the writer")
                        .atMost(Pair.PATIENCE)
                        .until(() -> !pair.strings(pair.source, MAKES_A_SLOT).isEmpty());
                refusesOthers(pair);
                writer.commit();
            }
            Pair.requireDone(first.get(60, TimeUnit.SECONDS));
            pair.awaitEqual("orders");
        }
    }

    private static void refusesOthers(Pair pair) {
        for (Run other : List.of(
                pair.start(),
                pair.replication("stop", pair.source, pair.target, "--yes"),
                pair.replication("stop", pair.source, pair.target, "--yes", "--target-gone"),
                pair.replication("reverse", pair.source, pair.target))) {
            assertThat(other.code()).as(other.out() + other.err()).isEqualTo(1);
            assertThat(other.err())
                    .contains("another run is changing this replication", "registry-admin/replication start")
                    .containsPattern("SELECT pg_terminate_backend\\(\\d+\\);");
        }
        Run looks = pair.replication("stop", pair.source, pair.target, "--dry-run");
        assertThat(looks.code()).as("whoever only looks needn't wait").isZero();
    }
}
