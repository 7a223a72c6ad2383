package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.local.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every remedy leads through: what the program prints is done as it is printed, and then the check passes, every row and change
 * arrives, and the cutover is made.
 */
@Tag("database-side")
@Timeout(180)
class RemedyTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({
        // set-up, the check that finds it, how it ends, from, to
        "sequences, sequences-end, FAIL, 17, 18",
        "sequences, sequences-end, FAIL, 11, 17",
        "triggers, target-triggers, WARN, 17, 18",
        "triggers, target-triggers, WARN, 11, 17",
        "search-path, search-path, FAIL, 17, 18",
        "search-path, search-path, FAIL, 11, 17",
        "search-path-generated, search-path, FAIL, 17, 18",
        "search-path-index, search-path, FAIL, 11, 13",
        "row-identity, replica-identity, FAIL, 17, 18",
        "row-identity, replica-identity, FAIL, 11, 17",
    })
    void doingWhatPreflightSaysLeadsToACutover(String setup, String check, String outcome, int from, int to)
            throws Exception {
        try (Pair pair = Pair.of(from, to, directory)) {
            RemedyFollower remedies = new RemedyFollower(pair, setup);
            remedies.awaitFinding(check, outcome);
            remedies.follow(check);
            assertThat(remedies.outcome(check)).isEqualTo("PASS");
            remedies.moveEverything();
        }
    }

    @Test
    void doingWhatPlanSaysGivesEveryTableAnIdentityThatWorks() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            RemedyFollower remedies = new RemedyFollower(pair, "row-identity");
            List<String> statements = await("that the statistics know of the updates")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> RemedyFollower.statements(pair.plan("--output", "json")), each -> each.size() >= 8);
            assertThat(RemedyFollower.requireRefused(pair.start()).err())
                    .contains("can't be compared", "the primary key of public.seat is deferrable");
            pair.both(statements.toArray(String[]::new));
            assertThat(RemedyFollower.statements(pair.plan("--output", "json"))).isEmpty();
            assertThat(remedies.outcome("replica-identity")).isEqualTo("PASS");
            remedies.moveEverything();
        }
    }

    @ParameterizedTest
    @CsvSource({"17, 18", "11, 17"})
    void aTableThatIsMadeLaterIsReplicatedAlsoIfTheTargetHasSomeOfItsRows(int from, int to) throws Exception {
        try (Pair pair = Pair.of(from, to, directory)) {
            RemedyFollower remedies = new RemedyFollower(pair, "publication");
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            pair.both("CREATE TABLE later (id integer PRIMARY KEY)", "INSERT INTO later VALUES (1)");
            pair.source.execute(pair.name, "INSERT INTO later VALUES (2)");
            remedies.awaitFinding("publication", "FAIL");
            remedies.follow("publication");
            remedies.awaitFinding("publication", "PASS");
            pair.awaitEqual("later");
            pair.source.execute(pair.name, "INSERT INTO later VALUES (3)");
            pair.awaitEqual("later");
        }
    }

    @Test
    void startSaysWhichTriggersFireForEveryRowAndWhatSetsThemAside() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            new RemedyFollower(pair, "triggers");
            pair.target.execute(pair.name, "ALTER TABLE box ENABLE TRIGGER always_logs");
            Pair.requireDone(pair.plan());
            assertThat(pair.start().err())
                    .contains(
                            "1 trigger of " + pair.endpoint(pair.target),
                            "ALTER TABLE public.stamp DISABLE TRIGGER \"Replica only\";");
        }
    }

    @Test
    void triggersThatWereSetAsideFireForServicesAsBeforeAndAreAsTheyWereOnceTheAdviceIsFollowed() throws Exception {
        String states = "SELECT tgname::text || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1";
        try (Pair pair = Pair.of(17, 18, directory)) {
            RemedyFollower remedies = new RemedyFollower(pair, "triggers");
            List<String> advice = remedies.follow("target-triggers");
            assertThat(pair.strings(pair.target, states)).containsExactly("Replica onlyD", "always_logsO");
            assertThat(remedies.advice("target-triggers"))
                    .as("it goes on saying what is to be put back")
                    .containsAll(RemedyFollower.afterCutover(advice));
            remedies.moveEverything();
            pair.target.execute(
                    pair.name,
                    "INSERT INTO box VALUES (100, 1)",
                    "INSERT INTO stamp VALUES (200)",
                    "DELETE FROM stamp");
            assertThat(pair.strings(pair.target, "SELECT box FROM box_log WHERE box >= 100"))
                    .containsExactly("100");
            assertThat(pair.strings(pair.target, "SELECT count(*) FROM stamp")).containsExactly("3");
            List<String> back = RemedyFollower.afterCutover(advice).stream()
                    .map(each -> each.substring(each.indexOf("ALTER")))
                    .toList();
            pair.target.execute(pair.name, back.toArray(String[]::new));
            assertThat(pair.strings(pair.target, states)).isEqualTo(pair.strings(pair.source, states));
        }
    }

    @Test
    void aMarginNeverSetsASequenceBeyondTheColumnsThatItFills() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            new RemedyFollower(pair, "sequences");
            pair.source.execute(pair.name, "SELECT setval('next_ticket', 2147480000)");
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            Run moved = pair.checkedCutover("--sequence-margin", "1000000", "--skip-check", "sequences-end");
            Pair.requireDone(moved);
            pair.target.execute(pair.name, "INSERT INTO ticket (title) VALUES ('on the target')");
            assertThat(sequence(pair.target, pair)).containsExactly("2147483647");
        }
    }

    /** The copy takes longer than the source gives any statement of the database. */
    @ParameterizedTest
    @CsvSource({"11, 17", "17, 18", "17, 13"})
    void startOutlastsTheTimeOutsOfTheSource(int from, int to) throws Exception {
        try (Pair pair = Pair.of(from, to, directory)) {
            pair.both("CREATE TABLE large (id integer PRIMARY KEY, line text)");
            pair.source.execute(
                    pair.name,
                    "INSERT INTO large SELECT i, repeat('x', 100) FROM generate_series(1, 400000) AS i",
                    "ALTER DATABASE " + Pair.q(pair.name) + " SET statement_timeout = '50ms'",
                    "ALTER DATABASE " + Pair.q(pair.name) + " SET lock_timeout = '50ms'",
                    "ALTER DATABASE " + Pair.q(pair.name) + " SET idle_in_transaction_session_timeout = '50ms'");
            assertThat(pair.look("copy-timeouts")).startsWith("PASS").contains("statement_timeout of 50 ms");
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            assertThat(pair.strings(pair.target, "SELECT count(*) FROM large")).containsExactly("400000");
            assertThat(Files.readString(pair.source.log()))
                    .doesNotContain(pair.name + "\" ERROR:  canceling statement due to statement timeout");
            pair.source.execute(pair.name, "ALTER DATABASE " + Pair.q(pair.name) + " RESET ALL");
        }
    }

    /** From 16 on rows are written as the tables' owners, whom the policies bind; before, as a superuser. */
    @ParameterizedTest
    @CsvSource({"17, 18", "11, 17", "17, 13"})
    void startWritesTablesWhoseRowSecurityBindsTheirOwnOwner(int from, int to) throws Exception {
        try (Pair pair = Pair.of(from, to, directory)) {
            RemedyFollower remedies = new RemedyFollower(pair, "row-security");
            assertThat(remedies.outcome("row-security")).isEqualTo("PASS");
            Pair.requireDone(pair.plan());
            Run started = Pair.requireDone(pair.start());
            if (to >= 16) {
                assertThat(started.err()).contains("row security binds the owner of public.lease", "run_as_owner");
            }
            assertThat(remedies.outcome("row-security")).isEqualTo("PASS");
            remedies.moveEverything();
        }
    }

    @Test
    void aSubscriptionThatWritesAsAnOwnerWhomPoliciesBindIsSetRightByWhatPreflightSays() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            RemedyFollower remedies = new RemedyFollower(pair, "row-security");
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            String name = pair.strings(pair.target, """
                    SELECT quote_ident(subname)
                    FROM pg_subscription
                    WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                    """).get(0);
            pair.target.execute(pair.name, "ALTER SUBSCRIPTION " + name + " SET (run_as_owner = false)");
            assertThat(remedies.outcome("row-security")).isEqualTo("FAIL");
            remedies.follow("row-security");
            assertThat(remedies.outcome("row-security")).isEqualTo("PASS");
            remedies.moveEverything();
        }
    }

    private static List<String> sequence(LocalPostgres server, Pair pair) throws Exception {
        return pair.strings(server, "SELECT last_value FROM next_ticket");
    }
}
