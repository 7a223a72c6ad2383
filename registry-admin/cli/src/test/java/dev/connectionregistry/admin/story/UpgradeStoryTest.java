package dev.connectionregistry.admin.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.local.LocalPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the first look to the last: there, and back, with writers who notice nothing. */
@Tag("history")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UpgradeStoryTest {
    private static final String LEFT = """
            SELECT 'slot ' || slot_name FROM pg_replication_slots
            UNION ALL SELECT 'subscription ' || subname FROM pg_subscription
            UNION ALL SELECT 'publication ' || pubname FROM pg_publication
            """;

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest(name = "from Postgres {0} to {1} and back, names {2}")
    @CsvSource({"11, 18, plain", "13, 17, plain", "17, 18, plain", "11, 18, nasty"})
    void takesAWritingFleetThereAndBackAndNobodyNotices(int oldMajor, int freshMajor, String kind) throws Exception {
        Names names = kind.equals("nasty") ? Names.NASTY : Names.PLAIN;
        try (Story story = new Story(oldMajor, freshMajor, names, directory);
                Writers writers = new Writers(names, story.registry)) {
            writers.awaitMore(50);
            story.done("preflight", story.source, story.target);
            story.replicate();
            story.verify(story.source, story.target);
            story.cutOver(story.source, story.target);
            writers.awaitMore(50);
            story.verify(story.target, story.source);
            story.liftFence(story.source);
            story.cutOver(story.target, story.source);
            writers.awaitMore(50);
            story.verify(story.source, story.target);
            story.done("replication stop", story.source, story.target, "--yes");
            writers.stop();
            requireNothingLost(story, writers);
            requireNothingLeft(story);
        }
    }

    private static void requireNothingLost(Story story, Writers writers) throws Exception {
        Names names = story.names;
        assertThat(writers.failures).isEmpty();
        for (String table : List.of(names.ledger(), names.parted())) {
            List<String> there = story.strings(story.source, """
                    SELECT %1$s
                    FROM %2$s
                    WHERE %1$s NOT LIKE 'before %%'
                    """.formatted(names.key(), names.table(table)));
            assertThat(there).containsExactlyInAnyOrderElementsOf(writers.acknowledged);
        }
        assertThat(story.strings(story.source, "SELECT sum(n) FROM " + names.table(names.counter())))
                .containsExactly(Integer.toString(writers.acknowledged.size()));
        assertThat(story.strings(story.source, """
                        SELECT count(*) - count(DISTINCT number) + count(*) - count(DISTINCT other)
                        FROM %s
                        """.formatted(names.table(names.ledger()))))
                .as("numbers given out twice")
                .containsExactly("0");
    }

    private static void requireNothingLeft(Story story) throws Exception {
        for (LocalPostgres server : List.of(story.source, story.target)) {
            assertThat(story.strings(server, LEFT)).isEmpty();
        }
    }
}
