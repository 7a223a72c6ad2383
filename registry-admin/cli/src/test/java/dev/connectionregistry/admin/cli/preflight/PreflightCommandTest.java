package dev.connectionregistry.admin.cli.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.ScriptedChecks;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreflightCommandTest {
    private static final String STATEMENT =
            "GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA \"A schema with a long name\" TO \"A role with a long name\";";

    private final ScriptedChecks checks = new ScriptedChecks();
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Terminalless program = new Terminalless(registry, new FakeServers(new Script()), checks);

    @BeforeEach
    void oneDatabase() {
        registry.put(
                "orders", ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW")));
        checks.with("good", Group.RIGHTS, () -> Finding.pass("all of it"))
                .with(
                        "bad",
                        Group.RIGHTS,
                        () -> Finding.fail(
                                "role ops may not set on the target: " + "public.a_sequence, ".repeat(8) + "and 3 more",
                                Remedy.onTarget(STATEMENT),
                                Remedy.command("status orders")))
                .with("doubtful", Group.DATA, () -> Finding.warn("maybe", Remedy.advice("think about it")))
                .with("early", Group.DATA, () -> Finding.notYet("nothing there"))
                .with("broken", Group.DATA, () -> {
                    throw new ServerException(ServerException.Kind.TIMED_OUT, "no answer in 10 s", null);
                });
    }

    private Run run(String line) {
        return program.run(line.split(" ", -1));
    }

    @Test
    void saysOnceWhatManyChecksFailFor() {
        checks.with("broken-too", Group.DATA, () -> {
            throw new ServerException(ServerException.Kind.TIMED_OUT, "no answer in 10 s", null);
        });
        Run run = run("preflight orders --target db2:5432");
        assertThat(run.out()).containsOnlyOnce("no answer in 10 s").containsOnlyOnce("the same as broken");
        assertThat(run.out()).doesNotContain("Since broken-too matters.");
        assertThat(run.err()).contains("error: 3 of 12 checks failed");
    }

    @Test
    void advisesOnceWhatManyChecksAdvise() {
        checks.with("doubtful-too", Group.DATA, () -> Finding.warn("perhaps", Remedy.advice("think about it")));
        Run run = run("preflight orders --target db2:5432");
        assertThat(run.out()).containsOnlyOnce("think about it").contains("to do: see doubtful");
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 120})
    void showsGroupsTheWorstFirstWithRemediesInFull(int width) {
        Run run = program.terminal(new Terminal(true, true, false, false, width, 40))
                .run("preflight", "orders", "--target", "db2:5432");
        assertThat(run.code()).isEqualTo(1);
        List<String> lines = Arrays.asList(run.out().split("\n", -1));
        assertThat(run.out()).startsWith("checking as the services' role app at the source, db1:5432/orders, and as");
        assertThat(lines).contains("RIGHTS", "DATA", "FLEET");
        assertThat(run.out())
                .containsSubsequence("FAIL     bad", "PASS     good", "FAIL     broken", "WARN     doubtful");
        assertThat(run.out())
                .contains("why: Since bad matters.", "on the target, db2:5432/orders:\n             " + STATEMENT);
        assertThat(run.out()).contains("command:\n             registry-admin status orders");
        assertThat(lines)
                .filteredOn(line -> line.length() > width)
                .allMatch(line -> line.contains(STATEMENT) || line.startsWith("orders, from"));
        assertThat(run.out().strip())
                .endsWith("orders, from db1:5432/orders to db2:5432/orders: 2 failed, 2 warnings, 5 not yet, 2 passed");
        assertThat(run.err()).contains("error: 2 of 11 checks failed");
    }

    @Test
    void theCommandsNameWhoWorksOnTheServers() {
        Run run = run("--table t preflight orders --target db2:5432 --admin-username ops --admin-password-ref env:OPS");
        assertThat(run.out())
                .contains("registry-admin --table t cutover orders --to db2:5432/orders --rehearse --admin-username ops"
                        + " --admin-password-ref env:OPS\n");
    }

    @Test
    void saysAllOfItInOneDocument() {
        Run run = run("preflight orders --target db2:5432 -o json");
        assertThat(run.code()).isEqualTo(1);
        assertThat(Json.read(run.out()))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("source", "db1:5432/orders")
                .containsEntry("target", "db2:5432/orders")
                .containsEntry(
                        "outcomes", Map.of("fail", 2, "unknown", 0, "warn", 2, "not-yet", 5, "skipped", 0, "pass", 2))
                .extractingByKey("checks", InstanceOfAssertFactories.list(Map.class))
                .contains(Map.of(
                        "name", "doubtful",
                        "group", "data",
                        "outcome", "warn",
                        "message", "maybe",
                        "reason", "Since doubtful matters.",
                        "remedies", List.of(Map.of("where", "advice", "text", "think about it"))));
    }

    @Test
    void leavesOutWhatTheOperatorDecidedToDoWithout() {
        Run run = run("preflight orders --target db2:5432 --skip-check bad --skip-check broken");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("SKIPPED  bad", "2 skipped");
        assertThat(checks.made).doesNotContain("bad", "broken");
    }

    @Test
    void listsTheNamesIfThereIsNoSuchCheckAndContactsNobody() {
        Run run = run("preflight orders --target db2:5432 --skip-check worse");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("there is no check 'worse'; the checks are: bad, broken, doubtful");
        assertThat(checks.made).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--check-timeout 1ms", "--long-transaction 0s", "--target db1:5432"})
    void refusesWhatMakesNoSense(String option) {
        Run run = run("preflight orders " + (option.startsWith("--target") ? "" : "--target db2:5432 ") + option);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
    }

    @Test
    void closesItsSessionsWhateverHappens() {
        checks.with("thrown", Group.DATA, () -> {
            throw new IllegalStateException("a mistake");
        });
        assertThat(run("preflight orders --target db2:5432").code()).isEqualTo(1);
        assertThat(checks.open).isZero();
    }

    @Test
    void tellsOnATerminalWhichCheckIsMade() {
        Run run = program.terminal(new Terminal(true, true, true, true, 80, 40))
                .run("preflight", "orders", "--target", "db2:5432");
        assertThat(run.err()).contains("check 1 of 11: good");
    }
}
