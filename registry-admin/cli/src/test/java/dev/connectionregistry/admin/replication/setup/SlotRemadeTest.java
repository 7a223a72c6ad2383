package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.Terminalless.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A slot that is dropped, and one that is made again under its name, so that rows between the two never arrive. */
class SlotRemadeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does
    private Path directory;

    private static String slot(Pair pair) throws Exception {
        return pair.strings(
                        pair.source, "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()")
                .get(0);
    }

    private static void started(Pair pair) throws Exception {
        pair.both("CREATE TABLE orders (id serial PRIMARY KEY, what text)");
        pair.source.execute(pair.name, "INSERT INTO orders (what) SELECT 'tea' FROM generate_series(1, 100)");
        Pair.requireDone(pair.plan());
        Pair.requireDone(pair.start());
    }

    private static void dropSlot(Pair pair, String name) throws Exception {
        pair.target.execute(pair.name, "ALTER SUBSCRIPTION " + name + " DISABLE");
        await().atMost(Pair.PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> pair.strings(
                        pair.source, "SELECT active FROM pg_replication_slots WHERE slot_name = '" + name + "'")
                .equals(List.of("f")));
        pair.source.execute(pair.name, "SELECT pg_drop_replication_slot('" + name + "')");
    }

    @ParameterizedTest
    @CsvSource({"11, 18", "17, 18"})
    void isNotGreenAnywhereWhereTheSlotWasMadeAgain(int from, int to) throws Exception {
        try (Pair pair = Pair.of(from, to, directory)) {
            started(pair);
            Pair.requireDone(pair.replication("status", pair.source, pair.target));
            assertThat(pair.look("row-counts")).startsWith("PASS");
            String name = slot(pair);
            dropSlot(pair, name);
            pair.source.execute(
                    pair.name,
                    "INSERT INTO orders (what) SELECT 'lost' FROM generate_series(1, 10)",
                    "SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
            pair.target.execute(pair.name, "ALTER SUBSCRIPTION " + name + " ENABLE");
            pair.source.execute(pair.name, "INSERT INTO orders (what) SELECT 'later' FROM generate_series(1, 5)");
            await().atMost(Pair.PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> pair.strings(
                            pair.target, "SELECT count(*) FROM orders")
                    .equals(List.of("105")));

            Run status = pair.replication("status", pair.source, pair.target);
            assertThat(status.code()).as(status.out()).isEqualTo(1);
            assertThat((status.out() + status.err()).replaceAll("\\s+", " "))
                    .contains("public.orders has 115 rows on the source and 105 on the target")
                    .doesNotContain("replication start makes");
            assertThat(pair.look("row-counts")).startsWith("FAIL").contains("115 rows on the source and 105");
            for (String how : List.of("--dry-run", "--rehearse", "--reverse-slot")) {
                Run cutover = pair.cutover(pair.source, pair.target, how);
                assertThat(cutover.code())
                        .as(how + cutover.out() + cutover.err())
                        .isNotZero();
                assertThat(cutover.err()).contains("115 rows on the source and 105 on the target");
            }
            Run accepted = pair.cutover(pair.source, pair.target, "--dry-run", "--skip-count", "orders");
            assertThat(accepted.code()).as(accepted.out() + accepted.err()).isZero();
        }
    }

    @Test
    void advisesAFreshCopyWhereTheSlotIsGoneSinceStartRefuses() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            started(pair);
            String name = slot(pair);
            dropSlot(pair, name);
            pair.target.execute(pair.name, "ALTER SUBSCRIPTION " + name + " ENABLE");
            Run status = pair.replication("status", pair.source, pair.target);
            String said = (status.out() + status.err()).replaceAll("\\s+", " ");
            assertThat(status.code()).isEqualTo(1);
            assertThat(said)
                    .contains("which the source doesn't have", "replication stop, empty the tables on the target");
            Run start = pair.start();
            assertThat(start.code()).as("what status must not advise").isEqualTo(1);
            Pair.requireDone(pair.replication("stop", pair.source, pair.target, "--yes"));
            pair.target.execute(pair.name, "TRUNCATE orders");
            Pair.requireDone(pair.start());
            Pair.requireDone(pair.replication("status", pair.source, pair.target));
        }
    }
}
