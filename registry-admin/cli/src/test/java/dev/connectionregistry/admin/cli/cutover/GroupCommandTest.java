package dev.connectionregistry.admin.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.cutover.FakeCluster;
import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.ScriptedRegistry;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three names over two Postgres databases of db1: orders and reports on one, billing on the other. */
class GroupCommandTest {
    private static final String MOVE = "orders, reports from db1:5432/orders to db2:5432/orders; billing from"
            + " db1:5432/billing to db2:5432/billing";

    private final Script script = new Script();
    private final FakeServers orders = new FakeServers(script);
    private final FakeServers billing = new FakeServers(script, "billing ");
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Terminalless program = new Terminalless(
            new ScriptedRegistry(registry, script), new FakeCluster(orders, Map.of("billing", billing)));

    @BeforeEach
    void threeNames() {
        billing.sourceIdentity = new PostgresIdentity("1", "billing", 11, "11.22");
        billing.targetIdentity = new PostgresIdentity("2", "billing", 17, "17.11");
        billing.oid = 16_000;
        put("orders", "db1:5432/orders");
        put("reports", "db1:5432/orders");
        put("billing", "db1:5432/billing");
    }

    private void put(String name, String endpoint) {
        registry.put(name, ConnectionSettings.of(Endpoint.parse(endpoint), "app", SecretRef.parse("env:PW")));
    }

    private String endpoint(String name) {
        return registry.read(new DatabaseName(name))
                .current()
                .orElseThrow()
                .settings()
                .endpoint()
                .toString();
    }

    private List<String> endpoints() {
        return List.of(endpoint("orders"), endpoint("reports"), endpoint("billing"));
    }

    private void assertOn(String host) {
        assertThat(endpoints()).containsExactly(host + ":5432/orders", host + ":5432/orders", host + ":5432/billing");
    }

    @Test
    void movesThemTogetherAndSaysWhatMovedWhere() {
        Run run = run("cutover orders reports billing --to db2:5432");
        assertThat(run.code()).as(run.err()).isZero();
        assertOn("db2");
        assertThat(run.out())
                .contains("the read-only fences stay up on db1:5432/orders and db1:5432/billing")
                .contains("callers are on db2:5432/orders and db2:5432/billing")
                .containsPattern("cutover c-[0-9a-f]{8}: switched " + MOVE + "; hold \\d+ ms");
    }

    @Test
    void movesAllNamesOfAServerAndNoOthers() {
        put("users", "db9:5432/users");
        Run run = run("cutover --server DB1:5432 --to db2:5432");
        assertThat(run.code()).as(run.err()).isZero();
        assertOn("db2");
        assertThat(endpoint("users")).isEqualTo("db9:5432/users");
    }

    @Test
    void aServerWithoutANameIsSaid() {
        Run run = run("cutover --server db7:5432 --to db2:5432");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("no name of the registry is on db7:5432 by its settings", "servers");
    }

    @Test
    void oneOfThemCanGoElsewhere() {
        Run run = run("cutover --server db1:5432 --to db2:5432 --map billing=db3:5432/invoices");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(endpoints()).containsExactly("db2:5432/orders", "db2:5432/orders", "db3:5432/invoices");
    }

    @Test
    void aDryRunShowsWhatWouldBeWrittenForEach() {
        Run run = run("cutover orders reports billing --to db2:5432 --dry-run --reverse-slot");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("dry run, nothing was written; these 3 would go together: " + MOVE)
                .contains("take the locks of orders, reports, billing in the registry, and those on db1:5432/orders and"
                        + " db1:5432/billing")
                .contains("write, in one transaction, version 2 of orders, 2 of reports, 2 of billing: poll interval")
                .contains("write, in one transaction, version 4 of orders, 4 of reports, 4 of billing: HOLD")
                .contains("on db1:5432/orders: ALTER DATABASE", "on db1:5432/billing: ALTER DATABASE")
                .contains("on db2:5432/orders\n", "on db2:5432/billing\n")
                .contains("to take down the fence on db1:5432/billing by hand, in one session, run:");
        assertThat(Json.read(run("cutover --server db1:5432 --to db2:5432 --dry-run -o json")
                                .out())
                        .toString())
                .contains("names=[billing], from=db1:5432/billing, to=db2:5432/billing, fenceUp=")
                .contains("names=[orders, reports], from=db1:5432/orders, to=db2:5432/orders, fenceUp=");
        assertOn("db1");
        assertThat(registry.lock(new DatabaseName("billing"))).isEmpty();
    }

    @Test
    void rehearsesThemTogether() {
        Run run = run("cutover orders reports billing --to db2:5432 --rehearse");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("rehearsed " + MOVE);
        assertOn("db1");
    }

    @Test
    void aFailureOnOnePostgresDatabaseUndoesAll() {
        failBilling("barrier");
        Run run = run("cutover orders reports billing --to db2:5432");
        assertThat(run.code()).isEqualTo(5);
        assertThat(run.err())
                .contains("undone; orders, reports are on db1:5432/orders; billing is on db1:5432/billing")
                .contains("callers are on db1:5432/orders and db1:5432/billing");
        assertOn("db1");
        assertThat(orders.fenceUp()).isFalse();
        assertThat(billing.fenceUp()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "reports", "billing"})
    void theStatusOfAnyOfThemSaysWhichMoveTogetherAndAbortOfAnyEndsAll(String name) {
        failBilling("barrier");
        failBilling("lower");
        Run stuck = run("cutover orders reports billing --to db2:5432");
        assertThat(stuck.code()).isEqualTo(1);
        assertThat(stuck.err())
                .contains("the fences on db1:5432/orders and db1:5432/billing may be up", "cutover abort orders");
        script.clear();

        Run status = run("cutover status " + name);
        assertThat(status.out())
                .contains("moves together: orders, reports, billing; resuming or aborting one of them resumes or aborts"
                        + " all")
                .contains("next: if no coordinator is executing it any more: registry-admin cutover resume " + name);
        assertThat(Json.read(run("cutover status " + name + " -o json").out()).toString())
                .contains("names=[orders, reports, billing]");

        Run aborted = run("cutover abort " + name);
        assertThat(aborted.code()).as(aborted.err()).isZero();
        assertThat(aborted.out()).contains("undone; orders, reports are on db1:5432/orders");
        assertOn("db1");
        for (String each : List.of("orders", "reports", "billing")) {
            assertThat(registry.lock(new DatabaseName(each)).filter(CutoverLock::held))
                    .isEmpty();
        }
    }

    @Test
    void theWayBackIsACommandForEachPostgresDatabase() {
        Run run = run("cutover orders reports billing --to db2:5432 --reverse-slot");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().filter(line -> line.startsWith("next: ")))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("next: registry-admin replication reverse orders --target db1:5432/orders"),
                        second -> assertThat(second)
                                .startsWith(
                                        "next: registry-admin replication reverse billing --target db1:5432/billing"));
    }

    @Test
    void aDocumentHasAnEntryForEachPostgresDatabase() {
        Run run = run("cutover orders reports billing --to db2:5432 --reverse-slot -o json");
        assertThat(run.code()).isZero();
        assertThat(Json.read(run.out()).toString())
                .contains(
                        "database=orders, ",
                        "version=6",
                        "{names=[orders, reports], from=db1:5432/orders, to=db2:5432/orders, versions=[6, 6],"
                                + " next=registry-admin replication reverse orders ",
                        "{names=[billing], from=db1:5432/billing, to=db2:5432/billing, versions=[6],"
                                + " next=registry-admin replication reverse billing ");
    }

    @Test
    void aNameThatIsMissingInTheGroupIsNamedWithTheCommandThatMovesItToo() {
        Run refused = run("cutover billing orders --to db2:5432");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("1 other name is on the same Postgres database: 'reports'")
                .contains("registry-admin cutover orders reports billing --to db2:5432");
        Run mapped = run("cutover billing orders --to db2:5432 --map orders=db2:5432/sales");
        assertThat(mapped.err())
                .contains("registry-admin cutover orders reports billing --to db2:5432"
                        + " --map orders=db2:5432/sales --map reports=db2:5432/sales");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cutover orders billing --to db2:5432/orders | one Postgres database follows one source; give --to without a database",
                "cutover orders reports --to db2:5432 --map reports=db3:5432 | must go to the same target",
                "cutover orders billing --to db2:5432 --username app2 | are for one database, and 2 would move",
                "cutover orders billing --to db2:5432 --if-version 1 | is the version of one database, and 2 would move",
                "cutover orders billing --to db2:5432 --slot s | --slot is for one Postgres database",
                "cutover orders billing --to db2:5432 --verify-table t | --verify-table is for one Postgres database",
                "cutover orders billing --to db2:5432 --reverse-slot back | give it without a name",
            })
    void refusesWhatDoesNotGoTogether(String line, String says) {
        Run run = run(line);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(says);
        assertThat(registry.lock(new DatabaseName("orders"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replication status --target db2:5432 | name the database, or the server",
                "replication status orders --server db1:5432 --target db2:5432 | --server means all databases of a"
                        + " server: leave out --server, or 'orders'",
                "replication status --server db1:5432 --target db2:5432/orders | a Postgres database in --target is for one",
                "replication status --server db1:5432 --target db2:5432 --watch | --watch is for one database",
                "replication reverse --server db1:5432 --target db2:5432 --reverse-slot s | --reverse-slot is for one database",
                "replication start --server db1:5432 --target db2:5432 --plan p | --plan is for one database",
                "replication plan --server db1:5432 --target db2:5432 --file p | --file is for one database",
                "replication stop --server db1:5432 --target db2:5432 --username u | --username or --password-ref is for one",
            })
    void replicationOfAServerRefusesWhatIsForOneDatabase(String line, String says) {
        Run run = run(line);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(says);
    }

    @Test
    void preflightOfAServerLooksAtEachPostgresDatabaseAndPrintsTheRehearsalOfAllNames() {
        String out = run("preflight --server db1:5432 --target db2:5432").out();
        assertThat(out)
                .contains("'billing': db1:5432/billing and db2:5432/billing")
                .contains("'orders': db1:5432/orders and db2:5432/orders")
                .contains("registry-admin cutover billing orders reports --to db2:5432 --rehearse")
                .contains("registry-admin cutover orders billing reports --to db2:5432 --rehearse")
                .doesNotContain("other name is on the same Postgres database");
    }

    @Test
    void oneUnknownNameRefusesAll() {
        Run run = run("cutover orders biling --to db2:5432");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("there is no database 'biling'", "did you mean billing?");
    }

    @Test
    void theRoomOfATransactionLimitsTheNamesOfAServer() {
        IntStream.range(0, 31).forEach(n -> put("n" + n, "db1:5432/orders"));
        Run run = run("cutover --server db1:5432 --to db2:5432");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("34 names", "33", "move them in several groups");
        String all = IntStream.range(0, 31).mapToObj(n -> "n" + n).collect(Collectors.joining(" "));
        assertThat(run("cutover orders reports " + all + " --to db2:5432 --dry-run")
                        .code())
                .isZero();
    }

    private void failBilling(String event) {
        script.fail("billing " + event, () -> {
            throw new ServerException(ServerException.Kind.TIMED_OUT, "12 bytes behind", null);
        });
    }

    private Run run(String line) {
        return program.run(line.split(" ", -1));
    }
}
