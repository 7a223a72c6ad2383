package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.common.ShellWord;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way back after a real cutover, with writers at work on the target and the source fenced. */
@Tag("database-side")
@Timeout(180)
class ReverseReplicationTest {
    private static final String WRITABLE = "SET default_transaction_read_only = off";

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({"11, 18", "17, 18", "18, 17"})
    void losesNothingThatIsWrittenBeforeAndAfterIt(int from, int to) throws Exception {
        try (Pair pair = Pair.of(from, to, directory)) {
            NastySchema.create(pair);
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            Pair.requireDone(pair.cutover(pair.source, pair.target, "--reverse-slot"));
            try (Writers writers = new Writers(pair, pair.target)) {
                writers.awaitRows(30);
                Run reversed = Pair.requireDone(pair.replication("reverse", pair.target, pair.source));
                assertThat(reversed.out()).contains("the earlier replication has ended");
                writers.awaitRows(writers.rows() + 30);
                Pair.requireDone(pair.replication("reverse", pair.target, pair.source));
                writers.awaitRows(writers.rows() + 30);
            }
            NastySchema.tables().forEach(pair::awaitEqual);
            assertThat(pair.rows(pair.source, NastySchema.ORDERS)).hasSizeGreaterThan(590);
            assertThat(pair.strings(pair.source, "SHOW default_transaction_read_only"))
                    .as("the fence is still up")
                    .containsExactly("on");
            Pair.requireDone(pair.replication("stop", pair.target, pair.source, "--yes"));
            assertThat(pair.left(pair.source)).isEmpty();
            assertThat(pair.left(pair.target)).isEmpty();
        }
    }

    @Test
    void printsStatementsThatTakeTheFenceDownWhenTheyArePastedOnTheFencedServer() throws Exception {
        try (Pair pair = Pair.of(11, 18, directory)) {
            moveOneTable(pair);
            Run reversed = Pair.requireDone(pair.replication("reverse", pair.target, pair.source));
            assertThat(reversed.out()).containsPattern("take it down with all that .*cutover status .* prints");
            paste(
                    pair,
                    pair.cutoverStatus()
                            .out()
                            .lines()
                            .dropWhile(each -> !each.contains("to take it down, run in one session"))
                            .skip(1)
                            .takeWhile(each -> each.startsWith("    "))
                            .toList());
        }
    }

    /** The server that the fleet went to is the source now: what only it has must not be looked for on the other one. */
    @Test
    void namesTheServerThatAloneHasATableOnTheWayBack() throws Exception {
        try (Pair pair = Pair.of(11, 18, directory)) {
            moveOneTable(pair);
            pair.target.execute(pair.name, "CREATE TABLE made_since (id int PRIMARY KEY)");
            String warned = words(Pair.requireDone(pair.replication("reverse", pair.target, pair.source)));
            assertThat(warned)
                    .contains("only on the source: column public.made_since")
                    .doesNotContain("only on the target");
        }
    }

    /** The statements that preflight prints add it to the way there; the way back has a publication of its own. */
    @Test
    void isNotLostForATableThatWasAddedToTheReplicationLater() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            pair.both("CREATE TABLE orders (id int PRIMARY KEY)");
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            pair.both("CREATE TABLE later (id int PRIMARY KEY)");
            String own = Pair.q(pair.strings(pair.source, "SELECT pubname FROM pg_publication")
                    .get(0));
            pair.source.execute(pair.name, "ALTER PUBLICATION " + own + " ADD TABLE later");
            pair.target.execute(pair.name, "ALTER SUBSCRIPTION " + own + " REFRESH PUBLICATION");
            await().until(() -> pair.strings(pair.target, "SELECT DISTINCT srsubstate FROM pg_subscription_rel")
                    .equals(List.of("r")));

            String warned =
                    words(Pair.requireDone(pair.cutover(pair.source, pair.target, "--reverse-slot", "--dry-run")));
            assertThat(warned).contains("what is written to public.later after the switch would be lost");
            Matcher remedy =
                    Pattern.compile("on the target: (ALTER PUBLICATION .*?);").matcher(warned);
            assertThat(remedy.find()).as(warned).isTrue();
            pair.target.execute(pair.name, remedy.group(1));

            Run moved = Pair.requireDone(pair.cutover(pair.source, pair.target, "--reverse-slot"));
            assertThat(words(moved)).doesNotContain("would be lost on the way back");
            Pair.requireDone(pair.replication("reverse", pair.target, pair.source));
            pair.target.execute(pair.name, "INSERT INTO later VALUES (1)");
            await().until(() ->
                    pair.strings(pair.source, "SELECT id FROM later").equals(List.of("1")));
        }
    }

    /** On the fenced server, in the words that status prints. */
    @ParameterizedTest
    @CsvSource({"11, 18", "17, 18"})
    void aTableThatIsMadeOnTheWayBackFollowsOnceTheRemediesOfStatusAreFollowed(int from, int to) throws Exception {
        try (Pair pair = Pair.of(from, to, directory)) {
            moveOneTable(pair);
            Pair.requireDone(pair.replication("reverse", pair.target, pair.source));
            String make = "CREATE TABLE \"La ter\" (id int PRIMARY KEY)";
            pair.target.execute(pair.name, make, "INSERT INTO \"La ter\" VALUES (1)");
            pair.source.execute(pair.name, WRITABLE, make, "INSERT INTO \"La ter\" VALUES (7)");

            Run status = pair.replication("status", pair.target, pair.source);
            assertThat(status.code()).isEqualTo(1);
            String begin = found(status, "begin a session in which you paste statements there with: (SET .*?;)");
            pair.target.execute(pair.name, found(status, "on the source (ALTER PUBLICATION .*?);"));
            String refresh = "(ALTER SUBSCRIPTION .*? REFRESH PUBLICATION;)";
            assertThatThrownBy(() -> pair.source.execute(pair.name, found(status, refresh)))
                    .hasMessageContaining("read-only transaction");
            Run again = pair.replication("status", pair.target, pair.source);
            assertThat(words(again)).contains("no subscription contains it");
            pair.source.execute(pair.name, begin, "TRUNCATE \"La ter\"");
            pair.source.execute(pair.name, begin, found(again, refresh));

            await().atMost(Pair.PATIENCE).until(() -> pair.strings(pair.source, "SELECT id FROM \"La ter\"")
                    .equals(List.of("1")));
            pair.target.execute(pair.name, "INSERT INTO \"La ter\" VALUES (2)");
            pair.awaitEqual("\"La ter\"");
            Run healthy = Pair.requireDone(pair.replication("status", pair.target, pair.source));
            assertThat(words(healthy)).as("nothing is advised").doesNotContain("begin a session");
        }
    }

    @Test
    void whatIsAdvisedForADisabledSubscriptionOfAFencedServerIsDoneThere() throws Exception {
        try (Pair pair = Pair.of(11, 18, directory)) {
            moveOneTable(pair);
            Pair.requireDone(pair.replication("reverse", pair.target, pair.source));
            String own = Pair.q(pair.strings(pair.source, "SELECT subname FROM pg_subscription")
                    .get(0));
            pair.source.execute(pair.name, WRITABLE, "ALTER SUBSCRIPTION " + own + " DISABLE");
            Run status = pair.replication("status", pair.target, pair.source);
            pair.source.execute(
                    pair.name,
                    found(status, "begin a session in which you paste statements there with: (SET .*?;)"),
                    found(status, "on the target: (ALTER SUBSCRIPTION .*? ENABLE)"));
            await().atMost(Pair.PATIENCE)
                    .until(() ->
                            pair.replication("status", pair.target, pair.source).code() == 0);
        }
    }

    private static String found(Run run, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(words(run));
        assertThat(matcher.find()).as(words(run)).isTrue();
        return matcher.group(1);
    }

    private static void moveOneTable(Pair pair) throws Exception {
        pair.both("CREATE TABLE orders (id int PRIMARY KEY)");
        Pair.requireDone(pair.plan());
        Pair.requireDone(pair.start());
        Pair.requireDone(pair.cutover(pair.source, pair.target, "--reverse-slot"));
    }

    @Test
    void isWhatEveryCommandLeadsToBetweenTheCutoverAndIt() throws Exception {
        try (Pair pair = Pair.of(11, 18, directory)) {
            moveOneTable(pair);
            requireLedToReverse(pair);
            String own = Pair.q(pair.strings(pair.target, "SELECT pubname FROM pg_publication")
                    .get(0));
            pair.target.execute(pair.name, "ALTER SUBSCRIPTION " + own + " DISABLE");
            requireLedToReverse(pair);
            Pair.requireDone(pair.replication("reverse", pair.target, pair.source));
            assertThat(words(pair.replication("status", pair.target, pair.source)))
                    .doesNotContain("a cutover has moved");
            Run stopped = Pair.requireDone(pair.replication("stop", pair.target, pair.source, "--yes"));
            assertThat(stopped.out()).isEqualToIgnoringWhitespace("nothing of this replication remains");
            assertThat(stopped.err()).containsOnlyOnce("dropped subscription");
        }
    }

    private static void requireLedToReverse(Pair pair) {
        String command =
                "replication reverse " + pair.database + " --target " + ShellWord.of(pair.endpoint(pair.source));
        Run status = pair.replication("status", pair.target, pair.source);
        assertThat(status.code()).as(status.out()).isNotZero();
        assertThat(words(status))
                .contains("on the source is the way back", command, "on the target is the one that fed the source")
                .doesNotContain("pg_drop_replication_slot", "replication start", "replication stop");

        Run start = pair.replication(
                "start", pair.target, pair.source, "--plan", pair.file().toString());
        assertThat(start.code()).isEqualTo(1);
        assertThat(words(start)).contains("itself follows " + pair.endpoint(pair.source), command);

        Run dry = Pair.requireDone(pair.replication("stop", pair.target, pair.source, "--dry-run"));
        assertThat(dry.out()).containsOnlyOnce("(the way back: going back would lose what was written since");
        Run asks = pair.replication("stop", pair.target, pair.source);
        assertThat(asks.code()).isEqualTo(2);
        assertThat(words(asks)).contains("is the way back: without it going back would lose", "--yes");
    }

    private static String words(Run run) {
        return (run.out() + " " + run.err()).replaceAll("\\s+", " ");
    }

    private static void paste(Pair pair, List<String> statements) throws Exception {
        assertThat(statements).hasSizeGreaterThan(1);
        pair.source.execute(pair.name, statements.toArray(String[]::new));
        assertThat(pair.strings(pair.source, "SHOW default_transaction_read_only"))
                .containsExactly("off");
    }

    @Test
    void refusesWithoutTheSlotAndWithAPublicationThatIsYoungerThanIt() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            NastySchema.create(pair);
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            pair.registry.put(pair.database, pair.settings(pair.target));
            Run without = pair.replication("reverse", pair.target, pair.source);
            assertThat(without.code()).isEqualTo(1);
            assertThat(without.err()).contains("there is no slot", "--reverse-slot", "replication stop");
            assertThat(pair.left(pair.target))
                    .as("nothing is ended before")
                    .anyMatch(each -> each.startsWith("subscription"));

            String name = pair.strings(pair.target, "SELECT pubname FROM pg_publication")
                    .get(0);
            pair.target.execute(
                    pair.name,
                    "SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')",
                    "ALTER PUBLICATION " + name + " DROP TABLE " + NastySchema.HISTORY,
                    "ALTER PUBLICATION " + name + " ADD TABLE " + NastySchema.HISTORY);
            Run younger = pair.replication("reverse", pair.target, pair.source);
            assertThat(younger.code()).isEqualTo(1);
            assertThat(younger.err()).contains("may be younger than slot", "public.history", "--trust-publication");
            Pair.requireDone(pair.replication("reverse", pair.target, pair.source, "--trust-publication"));
        }
    }
}
