package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.Terminalless.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a plan says of tables that replication doesn't bring whole. */
@Timeout(180)
class PlanTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void refusesPartitionsThatAreNotInTheWalUntilThatIsPutRight() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            pair.both(
                    "CREATE FOREIGN DATA WRAPPER nobody",
                    "CREATE SERVER elsewhere FOREIGN DATA WRAPPER nobody",
                    "CREATE TABLE days (day int PRIMARY KEY) PARTITION BY RANGE (day)",
                    "CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM (1) TO (10)",
                    "CREATE UNLOGGED TABLE \"Days 2\" PARTITION OF days FOR VALUES FROM (10) TO (20)");
            pair.both("CREATE FOREIGN TABLE days_3 (day int NOT NULL) SERVER elsewhere");
            pair.both("CREATE TABLE logs (day int) PARTITION BY RANGE (day)");
            pair.both("ALTER TABLE logs ATTACH PARTITION days_3 FOR VALUES FROM (20) TO (30)");
            Run plan = Pair.requireDone(pair.plan("--output", "json"));
            assertThat(plan.out())
                    .contains("its partition public.\\\"Days 2\\\" is unlogged")
                    .contains("its partition public.days_3 is a foreign table");
            Run refused = pair.start();
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("SET LOGGED", "DETACH PARTITION");
            assertThat(pair.left(pair.source)).isEmpty();
            pair.both("ALTER TABLE \"Days 2\" SET LOGGED", "ALTER TABLE logs DETACH PARTITION days_3");
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            pair.source.execute(pair.name, "INSERT INTO days VALUES (1), (11)");
            pair.awaitEqual("days");
        }
    }

    @Test
    void namesTheTablesThatAreLeftToTheirExtension() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            pair.both(
                    "CREATE EXTENSION pg_trgm",
                    "CREATE TABLE \"Its words\" (word text PRIMARY KEY)",
                    "ALTER EXTENSION pg_trgm ADD TABLE \"Its words\"",
                    "CREATE TABLE orders (id int PRIMARY KEY)");
            Run plan = Pair.requireDone(pair.plan());
            assertThat(plan.out())
                    .contains("not in the plan, since they belong to extensions: public.\"Its words\" (pg_trgm)");
            assertThat(Files.readString(pair.file())).contains("# Not listed, since it belongs to extension pg_trgm");
            Files.writeString(
                    pair.file(),
                    Files.readString(pair.file()) + "  - schema: public\n    table: \"Its words\"\n    method: copy\n");
            Run refused = pair.start();
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("belongs to extension pg_trgm and isn't replicated: remove it");
        }
    }

    @Test
    void recommendsNoReplicaIdentityThatSomebodysColumnListCannotHold() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            pair.both("CREATE TABLE keyless (n int, m int)");
            pair.source.execute(
                    pair.name,
                    "INSERT INTO keyless VALUES (1), (2)",
                    "UPDATE keyless SET n = 3 WHERE n = 1",
                    "CREATE PUBLICATION theirs FOR TABLE keyless (n)");
            await("that the statistics know of it")
                    .atMost(Pair.PATIENCE)
                    .until(() -> pair.plan().out().contains("must be done first: public.keyless"));
            String out = pair.plan("--output", "json").out();
            assertThat(out)
                    .contains("not REPLICA IDENTITY FULL", "as long as publication theirs sends only some")
                    .doesNotContain("slow on large tables");
        }
    }
}
