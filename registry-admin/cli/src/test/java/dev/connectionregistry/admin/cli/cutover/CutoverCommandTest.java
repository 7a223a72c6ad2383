package dev.connectionregistry.admin.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.FakeInstance;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.ScriptedRegistry;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CutoverCommandTest {
    private final Script script = new Script();
    private final FakeServers servers = new FakeServers(script);
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Terminalless program = new Terminalless(new ScriptedRegistry(registry, script), servers);

    @BeforeEach
    void oneDatabase() {
        registry.put(
                "orders", ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW")));
    }

    @Test
    void switchesAndShowsTheStepsAndTheHold() {
        Run run = run("cutover orders --to db2:5432 --reason upgrade");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("fence stays up on db1:5432/orders").doesNotContain("0/1 confirmed");
        String[] lines = run.out().strip().split("\n", -1);
        assertThat(lines[lines.length - 1])
                .matches(
                        "cutover c-[0-9a-f]{8}: switched orders from db1:5432/orders to db2:5432/orders, version 6; hold"
                                + " \\d+ ms");
        assertThat(run.err())
                .contains("0/1 confirmed")
                .containsPattern(" ms  restore the poll interval: poll interval 30s, version 6");
        assertThat(run("show orders").out()).contains("db2:5432/orders", "upgrade (poll interval back to normal)");
    }

    @Test
    void saysAllOfItInOneDocument() {
        Run run = run("cutover orders --to db2:5432 -o json");
        assertThat(run.code()).isZero();
        assertThat(Json.read(run.out()))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("outcome", "switched")
                .containsEntry("from", "db1:5432/orders")
                .containsKeys("holdMillis", "steps", "fence", "callers", "version");
    }

    @Test
    void looksWithoutTouching() {
        Run run = run("cutover orders --to db2:5432 --dry-run --sequence-margin 10 --verify-table public.orders");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("dry run, nothing was written; orders would go from db1:5432/orders to db2:5432/orders")
                .contains("1. take the lock in the registry")
                .contains("write version 2: poll interval 100ms (normally 30s)")
                .contains("ALTER DATABASE \"orders\" SET default_transaction_read_only = 'on'")
                .contains("logical replication; the run finds its slot")
                .contains("set the sequences, margin 10")
                .contains("rows of public.orders")
                .contains("steady on db2:5432/orders (the point of no return)")
                .contains(
                        "SET default_transaction_read_only = off;\n",
                        "ALTER DATABASE \"orders\" SET default_transaction_read_only = 'off';\n");
        assertThat(registry.lock(Stage.ORDERS)).isEmpty();
        assertThat(registry.journals(Stage.ORDERS, 1)).isEmpty();
        assertThat(registry.history(Stage.ORDERS, 9)).hasSize(1);
        assertThat(servers.locked()).isFalse();
        assertThat(servers.fenceUp()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "10, '', 100ms",
        "60, '', 120ms",
        "60, ' --no-signals', 120ms",
        "120, ' --no-signals', 200ms",
        "120, '', 240ms"
    })
    void aLargeFleetPollsMoreSlowly(int instances, String option, String interval) {
        for (int i = 1; i <= instances; i++) {
            new FakeInstance(registry, new SystemTiming(), "orders", "i" + i).poll();
        }
        Run run = run("cutover orders --to db2:5432" + option + " --dry-run");
        assertThat(run.out()).as(run.err()).contains("poll interval " + interval + " (normally 30s)");
        assertThat(run("cutover orders --to db2:5432 --dry-run --poll-interval 150ms" + option)
                        .out())
                .contains("poll interval 150ms (normally 30s)");
    }

    @Test
    void aDryRunNamesARunThatHasTheLockAndWillNotGiveItBack() {
        registry.writeLock(new CutoverLock(Stage.ORDERS, 1, "c-dead", true, "t", "carol", Instant.EPOCH));
        Run run = run("cutover orders --to db2:5432 --dry-run");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("would be refused", "cutover c-dead has the lock of 'orders', taken by carol", "epoch 1")
                .contains("cutover resume orders", "cutover abort orders");
    }

    @Test
    void rehearses() {
        Run run = run("cutover orders --to db2:5432 --rehearse");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("rehearsed orders from db1:5432/orders", "callers are on db1:5432/orders");
    }

    @Test
    void exitsWith5WhenItIsUndoneAndSaysWhyAndWhereThingsStand() {
        failBarrier();
        Run run = run("cutover orders --to db2:5432");
        assertThat(run.code()).isEqualTo(5);
        assertThat(run.err())
                .contains("failed: wait until the target has everything: 12 bytes behind")
                .contains("now: no fence of this run is up; callers are on db1:5432/orders")
                .contains("next: ");
    }

    @Test
    void saysOnATerminalOnceHowARunEndedThatWasUndone() {
        failBarrier();
        Run run = new Terminalless(registry, servers)
                .terminal(new Terminal(false, true, true, false, 120, 24))
                .run("cutover", "orders", "--to", "db2:5432");
        assertThat(run.code()).isEqualTo(5);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .containsOnlyOnce("undone; orders is on db1:5432/orders")
                .containsOnlyOnce("no fence of this run is up; callers are on db1:5432/orders");
    }

    @Test
    void saysOnceWhyTheChecksRefuse() {
        servers.targetSchema = "other";
        assertThat(run("cutover orders --to db2:5432").err())
                .containsOnlyOnce("the schemas differ")
                .contains("failed: check both servers and the fleet: see the error");
        assertThat(run("cutover orders --to db2:5432 -o json").err()).contains("{\"failed\":", "the schemas differ");
    }

    @Test
    void beginsNothingWhereTheFleetIsAlready() {
        Run run = run("cutover orders --to db1:5432");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("the fleet is on db1:5432/orders already", "nothing was started")
                .contains("next: see registry-admin status orders");
        assertThat(servers.logins).isEmpty();
    }

    @Test
    void exitsWith1WhenItIsRefused() {
        servers.targetSchema = "other";
        Run run = run("cutover orders --to db2:5432");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("the schemas differ", "registry-admin cutover status orders");
    }

    @Test
    void saysWhatIsLeftToTidyUpAfterTheSwitch() {
        script.fail("poll 30s", () -> {
            throw new RegistryException(RegistryException.Kind.DENIED, "the right was taken away", null);
        });
        Run run = run("cutover orders --to db2:5432");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("switched orders", "restore the poll interval: the right was taken away")
                .contains("next: restore the poll interval with registry-admin set-interval orders 30s");
    }

    @Test
    void exitsWith3WhenSomebodyElseTakesOver() {
        script.on("PREPARE", () -> {
            CutoverLock lock = registry.lock(Stage.ORDERS).orElseThrow();
            registry.writeLock(new CutoverLock(
                    Stage.ORDERS, lock.epoch() + 1, lock.runId(), true, "other", "mallory", Instant.now()));
        });
        Run run = run("cutover orders --to db2:5432");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("mallory");
    }

    @Test
    void showsAndAbortsARunThatIsLeftOpen() {
        failBarrier();
        script.fail("lower", () -> {
            throw new ServerException(ServerException.Kind.NOT_SO, "someone altered it", null);
        });
        Run stuck = run("cutover orders --to db2:5432");
        assertThat(stuck.code()).isEqualTo(1);
        assertThat(stuck.err())
                .contains("stuck; the run stays open", "the fence on db1:5432/orders may be up")
                .contains("cutover abort orders");
        script.clear();

        Run status = run("cutover status orders");
        assertThat(status.code()).isZero();
        assertThat(status.out())
                .contains("lock: held by cutover c-", "written by tester@here", "epoch 1")
                .contains("open, at lower-fence, on the way back; 12 bytes behind")
                .contains("fence: read-only", "ALTER DATABASE \"orders\" SET default_transaction_read_only = 'off';\n")
                .contains("next: if no coordinator is executing it any more: registry-admin cutover resume orders");
        assertThat(run("cutover status orders -o json").out()).contains("\"lock\"", "\"run\"", "\"epoch\"");
        assertThat(run("set-interval orders 5s").code()).isEqualTo(1);

        Run aborted = run("cutover abort orders");
        assertThat(aborted.code()).as(aborted.err()).isZero();
        assertThat(aborted.out()).contains("undone; orders is on db1:5432/orders");
        assertThat(run("cutover status orders").out()).contains("lock: free", "ended undone");
        assertThat(run("cutover abort orders").err()).contains("no cutover of 'orders' is open");
    }

    @Test
    void showsTheFenceOfARunAlsoAfterALaterOneThatWasRefused() {
        run("cutover orders --to db2:5432");
        String switched = registry.lock(Stage.ORDERS).orElseThrow().runId();
        script.fail("open session", () -> {
            throw new ServerException(ServerException.Kind.REFUSED, "no", null);
        });
        assertThat(run("cutover orders --to db1:5432").code()).isEqualTo(1);
        script.clear();
        assertThat(run("cutover status orders").out())
                .contains("fence left by cutover " + switched + " on db1:5432/orders: up, by the journal")
                .contains("ALTER DATABASE \"orders\" SET default_transaction_read_only = 'off';\n");
        assertThat(run("cutover status orders -o json").out()).contains("\"fencesLeft\"", switched);
        assertThat(run("cutover status orders --admin-username boss --admin-password-ref env:BOSS")
                        .out())
                .contains("on db1:5432/orders: up, says db1:5432/orders");
    }

    @Test
    void offersOnlyTheWayForwardBehindTheSwitch() {
        run("cutover orders --to db2:5432");
        leaveLocked();
        assertThat(run("cutover status orders").out())
                .contains("the switch is done, it can only go forward", "cutover resume orders")
                .doesNotContain("cutover abort");
    }

    @Test
    void offersOnlyTheWayBackFromARehearsal() {
        run("cutover orders --to db2:5432 --rehearse");
        leaveLocked();
        assertThat(run("cutover status orders").out())
                .contains("executing the rehearsal any more: registry-admin cutover abort orders")
                .doesNotContain("cutover resume");
    }

    @Test
    void asksTheSourceForTheFenceWithTheLoginThatIsGivenForIt() {
        run("cutover orders --to db2:5432 --admin-username boss --admin-password-ref env:BOSS");
        String asRoot = "cutover status orders --admin-username root --admin-password-ref env:ROOT";
        assertThat(run(asRoot).out()).contains("fence now: up, says db1:5432/orders");
        assertThat(servers.logins.get(servers.logins.size() - 1)).hasToString("root at db1:5432/orders");
        assertThat(servers.logins.get(servers.logins.size() - 1).password()).hasToString("env:ROOT");
        assertThat(run(asRoot + " -o json").out()).contains("\"state\" : \"up\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --admin-username root"})
    void logsInNowhereForAStatusWithoutALogin(String options) {
        run("cutover orders --to db2:5432 --admin-username boss --admin-password-ref env:BOSS");
        int before = servers.logins.size();
        Run status = run("cutover status orders" + options);
        assertThat(status.code()).isZero();
        assertThat(status.out())
                .contains("fence now: up, by the journal; the source was not asked: to ask db1:5432/orders give"
                        + " --admin-username U --admin-password-ref REF")
                .contains(
                        "lock: free", "run: c-", "ALTER DATABASE \"orders\" SET default_transaction_read_only = 'off'");
        assertThat(servers.logins).hasSize(before);
    }

    @Test
    void tellsWhatTheJournalSaysOfTheFenceWhereTheSourceCannotBeAsked() {
        run("cutover orders --to db2:5432");
        script.fail("ask for the fence", () -> {
            throw new ServerException(ServerException.Kind.REFUSED, "no route to db1", null);
        });
        Run status = run("cutover status orders --admin-username root --admin-password-ref env:ROOT");
        assertThat(status.code()).isZero();
        assertThat(status.out())
                .contains("fence now: up, by the journal; the source can't be asked from here: no route to db1");
    }

    @Test
    void tellsACauseOnceWhenItHappensAndOnceAtTheEnd() {
        failBarrier();
        Run run = run("cutover orders --to db2:5432");
        assertThat((run.out() + run.err()).split("12 bytes behind", -1)).hasSize(3);
        assertThat(run.err())
                .containsPattern(" ms  failed: wait until the target has everything: 12 bytes behind")
                .doesNotContainPattern("warning: +\\d+ ms");
    }

    @Test
    void putsATableOfTheStepsIntoAFileWhoseReaderHasNotSeenThem() {
        Run run = program.terminal(new Terminal(false, false, true, false, 120, 24))
                .run("cutover", "orders", "--to", "db2:5432");
        assertThat(run.out()).contains("STEP", "AT", "TOOK", "EVIDENCE", "0/1 confirmed");
        Run seen = program.terminal(new Terminal(false, true, true, false, 120, 24))
                .run("cutover", "orders", "--to", "db1:5432", "--rehearse");
        assertThat(seen.out()).contains("rehearsed orders").doesNotContain("STEP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --dry-run", " --rehearse"})
    void refusesToFenceTheDatabaseOfAnotherName(String how) {
        registry.put(
                "billing",
                ConnectionSettings.of(Endpoint.parse("DB1.:5432/orders"), "billing", SecretRef.parse("env:PW")));
        new FakeInstance(registry, new SystemTiming(), "billing", "b1").poll();
        Run run = run("cutover orders --to db2:5432" + how);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("preflight other-names: 1 other name is on the same Postgres database:"
                        + " 'billing' (checkout/b1)")
                .contains(
                        "25006",
                        "registry-admin cutover orders billing --to db2:5432\n",
                        "moves them together",
                        "--skip-check other-names");
        assertThat(servers.fenceUp()).isFalse();
        assertThat(registry.history(Stage.ORDERS, 9)).hasSize(1);
        assertThat(run("cutover orders --to db2:5432 --skip-check other-names").code())
                .isZero();
    }

    @Test
    void aPostgresDatabaseThatAnotherNamesCutoverLeftIsRecognised() {
        registry.put(
                "reports",
                ConnectionSettings.of(Endpoint.parse("db9:5432/orders"), "reports", SecretRef.parse("env:PW")));
        assertThat(run("cutover orders --to db2:5432").code()).isZero();
        Run refused = run("set-endpoint reports db1:5432");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains(
                        "db1:5432/orders is the Postgres database that cutover c-",
                        "of 'orders' left for db2:5432/orders")
                .contains("registry-admin cutover status orders shows the fence", "--accept-left-server");
        assertThat(run("set-endpoint reports db1:5432/another").code()).isZero();
        assertThat(run("set-endpoint reports db1:5432/orders --accept-left-server")
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rollback orders",
                "set-endpoint orders DB1:5432",
                "set-endpoint orders db1:5432/orders --dry-run"
            })
    void aMoveDoesNotGoBackToAServerThatACutoverLeft(String move) {
        run("cutover orders --to db2:5432");
        Run refused = run(move);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .containsPattern(
                        "is the server that cutover c-[0-9a-f]{8} left for db2:5432/orders .version 5, by tester@here")
                .contains("--accept-left-server", "'Going back' in docs/cutover.md");
        assertThat(((ReadResult.Found) registry.read(Stage.ORDERS)).settings().version())
                .isEqualTo(6);
        assertThat(run(move + " --accept-left-server").code()).isZero();
    }

    @Test
    void anImportDoesNotGoBackToAServerThatACutoverLeft() {
        String before = run("export orders").out();
        run("cutover orders --to db2:5432");
        assertThat(program.input(before).run("import", "-").err()).contains("left for db2:5432/orders");
        assertThat(program.input(before)
                        .run("import", "-", "--accept-left-server")
                        .code())
                .isZero();
    }

    @Test
    void aServerThatACutoverCameBackToIsNotLeft() {
        run("cutover orders --to db2:5432");
        run("cutover orders --to db1:5432");
        assertThat(run("set-endpoint orders db3:5432").code()).isZero();
        assertThat(run("set-endpoint orders db1:5432").code()).isZero();
        assertThat(run("set-endpoint orders db2:5432").err()).contains("left for db1:5432/orders");
    }

    @Test
    void aMoveSaysWhoElseIsOnTheServerThatItLeaves() {
        registry.put(
                "billing",
                ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "billing", SecretRef.parse("env:PW")));
        for (String line : List.of("set-endpoint orders db2:5432 --dry-run", "set-endpoint orders db2:5432")) {
            assertThat(run(line).err())
                    .contains(
                            "other names are on the same Postgres database db1:5432/orders and stay there: 'billing'");
        }
    }

    @ParameterizedTest
    @CsvSource({"statsu, status", "resum, resume", "abrot, abort"})
    void guessesTheSubcommandThatWasMeant(String typed, String meant) {
        Run run = run("cutover " + typed + " orders");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("there is no command 'cutover " + typed + "'", "did you mean cutover " + meant + "?");
    }

    @Test
    void guessesNoSubcommandOutOfADatabase() {
        Run run = run("cutover orders db2:5432");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("db2:5432").doesNotContain("did you mean");
    }

    @ParameterizedTest
    @CsvSource({"abort", "resume"})
    void saysThatThereIsNoSuchDatabaseBeforeAnythingElse(String command) {
        Run run = run("cutover " + command + " oders");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("there is no database 'oders'", "did you mean orders?");
        assertThat(run("cutover " + command + " orders").err())
                .contains("no cutover of 'orders' is open; it is on db1:5432/orders, version 1");
    }

    @Test
    void tellsWhoseAShortenedIntervalIs() {
        registry.put(
                "orders",
                ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW"))
                        .withPolling(Polling.every(Duration.ofSeconds(30)).shortenedTo(Duration.ofMillis(100))));
        registry.writeLock(new CutoverLock(Stage.ORDERS, 1, "c-dead", true, "t", "carol", Instant.EPOCH));
        assertThat(run("cutover status orders").out())
                .contains("temporary; it stays until cutover c-dead has ended")
                .doesNotContain("set-interval");
        assertThat(run("status orders").out())
                .contains("temporary; a move or a cutover is under way or was interrupted; see 'cutover status'");
    }

    /** As a coordinator leaves it that dies. */
    private void leaveLocked() {
        CutoverLock last = registry.lock(Stage.ORDERS).orElseThrow();
        registry.writeLock(
                new CutoverLock(Stage.ORDERS, last.epoch() + 1, last.runId(), true, "t", "carol", Instant.EPOCH));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cutover orders | name the target: --to HOST:PORT[/NAME]",
                "cutover orders billing | name the target: --to HOST:PORT[/NAME]",
                "cutover --server db1:5432 | name the target: --to HOST:PORT[/NAME]",
                "cutover orders --server db1:5432 --to db2:5432 | give it without DB, or DB without --server",
                "cutover orders orders --to db2:5432 | 'orders' is given twice",
                "cutover orders --to db2:5432 --map billing=db3:5432 | 'billing' would not move; 'orders' would",
                "cutover orders --to db2:5432 --map orders=db3:5432 --map orders=db4:5432 | 'orders' two targets",
                "cutover orders --to db2:5432 --map db3:5432/orders | is written DB=HOST:PORT/NAME",
                "cutover orders --to db2:5432 --map orders=u:p@db3:5432 | not repeated here",
                "cutover --to db2:5432 | name the database and the target",
                "cutover orders --to db2:5432 --fence wall | write read-only or no-login",
                "cutover orders --to db2:5432 --no-barrier --slot s | give only one of",
                "cutover orders --to db2:5432 --caught-up-on target | makes no sense without --caught-up-sql",
                "cutover orders --to db2:5432 --caught-up-sql x --caught-up-on moon | write source or target",
                "cutover orders --to db2:5432 --hold-budget 2m | --hold-budget is 2m; it must be 100ms to 1m",
                "cutover orders --to db2:5432 --grace 5s | --grace is 5s; it must be 1ms to 4s500ms",
                "cutover orders --to db2:5432 --poll-interval 6s | --poll-interval is 6s; it must be 50ms to 5s",
                "cutover orders --to db2:5432 --poll-interval 1s --no-signals | at most 200ms is allowed",
                "cutover orders --to db2:5432 --sequence-margin -1 | --sequence-margin is -1; it must be 0 or more",
                "cutover orders --to db2:5432 --without nobody | no instance of the fleet has that name",
                "cutover orders --to postgres://u:p@db2/x | not repeated here",
            })
    void refusesWhatMakesNoSense(String line, String says) {
        Run run = run(line);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(says);
        assertThat(registry.lock(Stage.ORDERS)).isEmpty();
    }

    @Test
    void takesEveryOption() {
        Run run = run("cutover orders --to db2:5432/sales --username app2 --password-ref env:PW2 --admin-username boss"
                + " --admin-password-ref env:BOSS --target-admin-username chief --fence no-login --exempt-role bucardo"
                + " --caught-up-sql true --caught-up-on target --accept-unproven-barrier --reverse-slot back --hold-budget 3s --grace 1s"
                + " --cancel-stragglers --poll-interval 50ms --prepare-timeout 10s --no-signals --if-version 1");
        assertThat(run.code()).as(run.err()).isZero();
        Map<String, Object> journal = registry.journals(Stage.ORDERS, 1).get(0);
        assertThat(journal.toString())
                .contains(
                        "NO_LOGIN",
                        "bucardo",
                        "SQL",
                        "side=NEW",
                        "back",
                        "graceMillis=1000",
                        "signals=false",
                        "username=chief")
                .contains("db2:5432/sales")
                .doesNotContain("env:BOSS", "text=true");
        assertThat(servers.logins)
                .anyMatch(login -> login.toString().equals("boss at db1:5432/orders"))
                .anyMatch(login -> login.toString().equals("chief at db2:5432/sales"));
        assertThat(run("cutover orders --to db3:5432 --if-version 1").code()).isEqualTo(3);
    }

    @Test
    void theCommandForTheWayBackIsCarriedOutByTheSamePeople() {
        Run run = run("--region eu-central-1 cutover orders --to db2:5432 --reverse-slot --admin-username boss"
                + " --admin-password-ref env:BOSS --target-admin-username chief");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "next: registry-admin --region eu-central-1 replication reverse orders --target db1:5432/orders"
                                + " --admin-username chief --admin-password-ref env:BOSS --target-admin-username boss  # at once");
    }

    @Test
    void neverTakesOrShowsAPassword() {
        Run run = run("cutover orders --to db2:5432 --password s3cret");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("never accepted").doesNotContain("s3cret");
    }

    @Test
    void explainsTheCommandsBelowIt() {
        assertThat(run("cutover --help").out()).contains("status", "resume", "abort", "--rehearse", "Exit codes");
        for (String each : new String[] {"status", "resume", "abort"}) {
            Run help = run("cutover " + each + " --help");
            assertThat(help.code()).isZero();
            assertThat(help.out()).contains("registry-admin cutover " + each + " orders");
        }
    }

    private void failBarrier() {
        script.fail("barrier", () -> {
            throw new ServerException(ServerException.Kind.TIMED_OUT, "12 bytes behind", null);
        });
    }

    private Run run(String line) {
        return program.run(line.split(" ", -1));
    }
}
