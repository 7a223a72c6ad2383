package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.local.LocalPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole way of the commands between real servers, with writers at work. */
@Tag("database-side")
@Timeout(180)
class ReplicationStartTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({"11, 18", "13, 17", "17, 18"})
    void bringsEveryTableWhileRowsAreWrittenAndLeavesNothingWhenItIsStopped(int from, int to) throws Exception {
        assumeTrue(LocalPostgres.availableMajors().contains(from), "no binaries of " + from);
        try (Pair pair = Pair.of(from, to, directory)) {
            NastySchema.create(pair);
            long logged = Files.size(pair.target.log()); // tests share the servers, and one of them subscribes by hand
            try (Writers writers = new Writers(pair, pair.source)) {
                writers.awaitRows(20);
                Run planned = Pair.requireDone(pair.plan());
                Run started = Pair.requireDone(pair.start());
                assertThat(started.out() + started.err() + planned.out() + Files.readString(pair.file()))
                        .doesNotContain(pair.source.password(), pair.target.password());
                Run again = Pair.requireDone(pair.start());
                assertThat(again.out()).contains("tables copied");
                writers.awaitRows(writers.rows() + 50);
            }
            NastySchema.tables().forEach(pair::awaitEqual);
            assertThat(pair.rows(pair.source, NastySchema.ORDERS)).hasSizeGreaterThan(550);
            byte[] log = Files.readAllBytes(pair.target.log());
            assertThat(new String(log, (int) logged, log.length - (int) logged, StandardCharsets.UTF_8))
                    .contains("CREATE SUBSCRIPTION")
                    .doesNotContain(pair.source.password());
            Pair.requireDone(pair.replication("stop", pair.source, pair.target, "--yes"));
            assertThat(pair.left(pair.source)).isEmpty();
            assertThat(pair.left(pair.target)).isEmpty();
        }
    }
}
