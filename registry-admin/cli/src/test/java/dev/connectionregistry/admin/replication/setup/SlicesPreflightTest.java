package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.Terminalless.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A table in slices is whole only with all of them: preflight says so before services move. */
@Tag("database-side")
@Timeout(180)
class SlicesPreflightTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void passesOnlyWhileEverySliceIsPublishedAndTakenUp() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            pair.both("CREATE TABLE \"Big one\" (id bigint PRIMARY KEY, what text)");
            pair.source.execute(
                    pair.name, "INSERT INTO \"Big one\" SELECT i, 'tea' FROM generate_series(1, 500) AS i", "ANALYZE");
            pair.source.execute(pair.name, "UPDATE \"Big one\" SET what = 'coffee' WHERE id = 1");
            await("that the statistics know of the update")
                    .atMost(Pair.PATIENCE)
                    .until(() -> pair.plan("--large-tuples", "200", "--slices", "3")
                            .out()
                            .contains("slices (3)"));
            Pair.requireDone(pair.start());
            assertThat(publication(pair)).startsWith("PASS");
            String slice = pair.strings(pair.target, """
                    SELECT subname
                    FROM pg_subscription
                    WHERE subname LIKE '%_t0_s1'
                      AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                    """).get(0);
            pair.source.execute(pair.name, "ALTER PUBLICATION " + slice + " DROP TABLE \"Big one\"");
            assertThat(publication(pair)).startsWith("FAIL").contains("not all rows", "\"Big one\"");
            Run status = pair.replication("status", pair.source, pair.target);
            assertThat(status.code()).isEqualTo(1);
            assertThat(status.out()).contains("public.\"Big one\" (2 of 3 slices)");
            Run started = pair.start();
            assertThat(started.code()).isEqualTo(1);
            assertThat(started.err()).contains("public.\"Big one\" is followed by subscription", "no longer in its");
            pair.source.execute(pair.name, """
                    ALTER PUBLICATION %s
                    ADD TABLE "Big one" WHERE ((hashint8(id) & 2147483647) %% 3 = 1)
                    """.formatted(slice));
            pair.source.execute(
                    pair.name,
                    "CREATE PUBLICATION part FOR TABLE \"Big one\" WHERE (id > 3) WITH (publish = 'insert')");
            assertThat(publication(pair)).startsWith("PASS");
            pair.target.execute(
                    pair.name, "ALTER SUBSCRIPTION " + slice + " SET PUBLICATION part WITH (refresh = false)");
            assertThat(publication(pair)).startsWith("FAIL").contains("not all rows", "not every kind of change");
        }
    }

    private static String publication(Pair pair) throws Exception {
        return pair.look("publication");
    }
}
