package dev.connectionregistry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.cutover.CutoverCommand;
import dev.connectionregistry.admin.cli.replication.ReplicationCommand;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryAdministration.AccessCheck;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

class CommandsTest {
    private static final String ADD =
            "add sales --endpoint db1:5432/sales --username app --password-ref env:PW --property sslmode=require";

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Terminalless program = new Terminalless(registry);

    @BeforeEach
    void oneDatabase() {
        registry.put("orders", settings("db1:5432/orders"));
    }

    @Test
    void addsAndShows() {
        assertThat(run(ADD + " --maximum-size 20 --reason first").code()).isZero();

        Run shown = run("show sales");
        assertThat(shown.out())
                .contains("sales, version 1", "db1:5432/sales", "properties.sslmode", "by tester@here: first");
        assertThat(current("sales").settings().pool().maximumSize()).isEqualTo(20);
        assertThat(current("sales").settings().pool().minimumIdle()).isEqualTo(20);
    }

    @Test
    void stopsWatchingWhenNobodyReadsAnyMore() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int ignored) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        Main main = new Main(
                InputStream.nullInputStream(),
                new PrintStream(broken, true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                Terminal.NONE,
                Map.of(),
                new SystemTiming());
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> main.run(
                        binder -> binder.bind(RegistryAdministration.class).toInstance(registry),
                        "status",
                        "orders",
                        "--watch",
                        "--interval",
                        "100ms"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "add sales --endpoint h:1/x --username u --password-ref ssm:/pw",
                "set-credentials orders --password-ref ssm:/pw",
                "set-endpoint orders db2:5432 --password-ref ssm:/pw",
            })
    void warnsOfPasswordsThatServicesFindOnlyWithMoreThanTheClient(String line) {
        Run run = run(line);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("warning: services need software.amazon.awssdk:ssm on their class path for ssm passwords");
        assertThat(run(line.replace("ssm:/pw", "file:/pw")).err()).doesNotContain("services need");
        assertThat(run(line.replace("ssm:/pw", "x-vault:pw").replace("sales", "sales2"))
                        .err())
                .contains("warning: services need a resolver for 'x-vault:' passwords;"
                        + " without one they refuse these settings");
    }

    @Test
    void warnsOfAServerThatNeedNotProveItsNameUntilItHasTo() {
        assertThat(run("set-endpoint orders db2:5432").err())
                .contains("warning: db2:5432/orders need not prove its identity (sslmode is 'prefer'): use --property"
                        + " sslmode=verify-full --property sslrootcert=/path/to/ca.pem");
        Run verified =
                run("set-endpoint orders db3:5432 --property sslmode=verify-full --property sslrootcert=/ca.pem");
        assertThat(verified.err()).doesNotContain("prove");
        assertThat(current("orders").settings().properties())
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslrootcert", "/ca.pem");
        run("set-endpoint orders localhost:5432 --property sslmode= --property sslrootcert=");
        assertThat(current("orders").settings().properties()).doesNotContainKeys("sslmode", "sslrootcert");
    }

    @Test
    void keepsAPoolOfFixedSizeFixed() {
        run("set-pool orders --maximum-size 5");
        assertThat(current("orders").settings().pool().minimumIdle()).isEqualTo(5);
        run("set-pool orders --maximum-size 12");
        assertThat(current("orders").settings().pool().minimumIdle()).isEqualTo(12);
        run("set-pool orders --minimum-idle 8");
        run("set-pool orders --maximum-size 20");
        assertThat(current("orders").settings().pool().minimumIdle()).isEqualTo(8);
        run("set-pool orders --maximum-size 6");
        assertThat(current("orders").settings().pool().minimumIdle()).isEqualTo(6);
    }

    @Test
    void setsWhenAConnectionInUseCountsAsLeaked() {
        run("set-pool orders --leak-detection 20s");
        run("set-pool orders --maximum-size 5");
        assertThat(current("orders").settings().pool().leakDetectionThreshold()).isEqualTo(Duration.ofSeconds(20));
        Run tooShort = run("set-pool orders --leak-detection 1s");
        assertThat(tooShort.code()).isEqualTo(2);
        assertThat(tooShort.err()).contains("leak detection threshold is 1s; it must be 2s to 1h");
    }

    @Test
    void namesTheOptionThatAShortLifetimeNeeds() {
        Run run = run("set-pool orders --max-lifetime 1m");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("keepalive time is 2m", "give --keepalive 1m or less as well");
        assertThat(run("set-pool orders --max-lifetime 1m --keepalive 1m").code())
                .isZero();
        assertThat(run("set-pool orders --max-lifetime 1s").err()).contains("maximum lifetime is 1s");
    }

    @Test
    void liftsOnlyAboveWhatSomebodyMayHaveSeen() {
        assertThat(run("lift orders").out()).contains("nothing to lift", "above 1, the current one");
        Run dry = run("lift orders --above 7 --dry-run -o json");
        assertThat(Json.read(dry.out()))
                .isEqualTo(Json.read("{\"before\":1,\"after\":8,\"seen\":7,\"written\":false}"));
        assertThat(current("orders").version()).isEqualTo(1);

        assertThat(run("lift orders --above 7 --reason restored").out())
                .contains("version 1 of 'orders' is version 8 now", "version 7 was seen");
        assertThat(current("orders").version()).isEqualTo(8);
        assertThat(current("orders").settings()).isEqualTo(settings("db1:5432/orders"));
        assertThat(run("history orders").out().lines())
                .anyMatch(line -> line.startsWith("8 ") && line.contains("restored"))
                .noneMatch(line -> line.startsWith("7 "));
        assertThat(run("lift orders --above 8 --if-version 1").code()).isEqualTo(3);
        assertThat(run("lift nowhere").code()).isEqualTo(1);
        assertThat(run("set-pool orders --maximum-size 5").code()).isZero();
        assertThat(current("orders").version()).isEqualTo(9);
    }

    @Test
    void liftsAboveTheVersionThatStandsIfItIsToldTo() {
        assertThat(run("lift orders --above 1").out()).contains("version 1 of 'orders' is version 2 now");
        assertThat(run("lift orders --above 1").out()).contains("nothing to lift");
        assertThat(current("orders").version()).isEqualTo(2);
    }

    @Test
    void liftsNoFurtherThanAnybodyCanHaveCome() {
        Run typo = run("lift orders --above 1000002");
        assertThat(typo.code()).isEqualTo(2);
        assertThat(typo.err()).contains("--above is 1000002; it must be 1 to 1000001");

        FakeInstance instance = new FakeInstance(registry, new SystemTiming(), "orders", "i-1").sawVersion(9_000_000);
        Run misreported = run("lift orders");
        assertThat(misreported.code()).isEqualTo(1);
        assertThat(misreported.err()).contains("checkout/i-1 says that it has seen version 9000000");
        assertThat(current("orders").version()).isEqualTo(1);

        instance.sawVersion(1);
        assertThat(run("lift orders --above 1000001").code()).isZero();
    }

    @Test
    void spreadsTheReportsOfAFleetAndEveryLaterChangeLeavesItSo() {
        assertThat(run("set-report-partitions orders 65").err())
                .contains("the number of report partitions is 65; it must be 1 to 64");
        assertThat(run("set-report-partitions orders 8 --dry-run").out())
                .contains("nothing was written", "reportPartitions: 1 -> 8");
        assertThat(current("orders").reportPartitions()).isEqualTo(1);
        assertThat(run("set-report-partitions orders 8 --reason fleet").out())
                .contains("orders is at version 2", "reportPartitions: 1 -> 8");
        assertThat(run("set-report-partitions orders 8").out()).contains("already has this content (version 2)");
        assertThat(run("show orders").out()).containsPattern("reportPartitions +8");
        run("set-endpoint orders db2:5432 --no-wait");
        run("rollback orders --to 1 --no-wait");
        run("lift orders --above 20");
        assertThat(current("orders").reportPartitions()).isEqualTo(8);
        String export = run("export orders").out();
        assertThat(Json.read(export)).asString().contains("reportPartitions=8");
        run("set-report-partitions orders 1");
        program.input(export);
        run("import -");
        assertThat(current("orders").reportPartitions()).isEqualTo(8);
    }

    @Test
    void addsNothingTwice() {
        Run again = run("add orders --endpoint h:1/x --username u --password-ref rds-iam");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("already in the registry (version 1, db1:5432/orders)", "set-endpoint");
    }

    @Test
    void takesGlobalOptionsBeforeAndAfterTheCommand() {
        assertThat(Json.read(run("--output json show orders").out()))
                .isEqualTo(Json.read(run("show orders -o json").out()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set-endpoint orders db2:0",
                "set-endpoint orders db2:70000",
                "set-endpoint orders db2",
                "set-endpoint orders db2:5432/",
                "set-endpoint ORDERS db2:5432",
                "set-endpoint orders db2:5432 --poll-interval 1ns",
                "set-endpoint orders db2:5432 --poll-interval -5s",
                "set-endpoint orders db2:5432 --poll-interval 1s --no-wait",
                "set-endpoint orders db2:5432 --timeout 5s",
                "set-interval orders -5s",
                "set-interval orders 1ns",
                "set-interval orders 2h",
                "set-pool orders",
                "set-pool orders --maximum-size 0",
                "set-pool orders --maximum-size 5 --minimum-idle 6",
                "set-pool orders --connection-timeout 1ms",
                "set-credentials orders",
                "set-report-partitions orders",
                "set-report-partitions orders 0",
                "set-report-partitions orders 65",
                "set-report-partitions orders many",
                "history orders --limit 0",
                "diff orders 1 x",
                "status orders --interval 1ms",
                "status orders --watch --exit-code",
                "remove orders",
                "show",
                "show orders extra",
                "no-such-command",
                "--output xml list",
                "add sales --endpoint h:1/x",
                "set-endpoint orders db2:5432 --if-version x",
            })
    void refusesBadArgumentsBeforeItAsksTheRegistry(String line) {
        registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "was asked", null));
        Run run = run(line);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("error: ").doesNotContain("was asked").doesNotContain("\tat ");
    }

    @Test
    void saysWhichValueIsBadAndWhatIsAllowed() {
        assertThat(run("set-endpoint orders db2:0").err()).contains("port is 0; it must be 1 to 65535");
        assertThat(run("set-interval orders 1ns").err()).contains("poll interval is 1ns; it must be 50ms to 1h");
        assertThat(run("set-interval orders -5s").err()).contains("'-5s'");
        assertThat(program.run("set-endpoint", "orders", "my host:5432").err()).contains("host 'my host' is not");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set-credentials orders --password-ref hunter2",
                "set-credentials orders --password-ref=hunter2",
                "set-credentials orders --password hunter2",
                "set-credentials orders --password=hunter2",
                "set-credentials orders --passwd hunter2",
                "set-credentials orders --passwd=hunter2",
                "set-credentials orders --password-ref env: hunter2",
                "set-credentials orders --password-ref env:PW hunter2",
                "set-endpoint orders postgres://app:hunter2@db2:5432/orders",
                "add sales --endpoint h:1/x --username u --password-ref rds-iam --property password=hunter2",
                "add sales --endpoint h:1/x --username u --password-ref rds-iam --property hunter2",
                "-v set-credentials orders --password-ref hunter2",
            })
    void neverRepeatsALiteralPassword(String line) {
        Run run = run(line);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out() + run.err()).doesNotContain("hunter2").isNotBlank();
    }

    @Test
    void tellsErrorsAsJson() {
        Run run = run("show ordrs --output json");
        assertThat(run.code()).isEqualTo(1);
        assertThat(Json.read(run.err()))
                .isEqualTo(Map.of(
                        "error",
                        Map.of(
                                "code", "unknown",
                                "message", "there is no database 'ordrs' in a registry in memory",
                                "next", "did you mean orders?")));
        assertThat(Json.read(run("set-interval orders 1ns -o json").err()))
                .asString()
                .contains("code=usage");
    }

    @Test
    void showsOnlyWhatADryRunWouldChange() {
        Run run = run("set-endpoint orders db2:5432 --dry-run");
        assertThat(run.out()).contains("dry run", "version 2", "endpoint: db1:5432/orders -> db2:5432/orders");
        assertThat(current("orders").version()).isEqualTo(1);
    }

    @Test
    void writesNothingIfNothingChanges() {
        assertThat(run("set-interval orders 30s").out()).contains("already has this content (version 1)");
        assertThat(current("orders").version()).isEqualTo(1);
    }

    @Test
    void historySaysWhatALiftedVersionChanged() {
        run("set-pool orders --maximum-size 5");
        run("lift orders --above 7");
        run("set-pool orders --maximum-size 6");
        assertThat(run("history orders").out().lines())
                .anyMatch(line -> line.startsWith("9 ") && line.contains("5 -> 6"))
                .anyMatch(line -> line.startsWith("8 ") && line.contains("nothing"))
                .anyMatch(line -> line.startsWith("2 ") && line.contains("10 -> 5"));
        assertThat(run("history orders --limit 2").out().lines())
                .anyMatch(line -> line.startsWith("8 ") && line.contains("nothing"));
    }

    @Test
    void writesOnlyOverTheVersionThatWasNamed() {
        registry.put("orders", settings("db9:5432/orders"));
        Run run = run("set-endpoint orders db2:5432 --if-version 1");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("now it is at 2", "version 2 by test", "db1:5432/orders -> db9:5432/orders");
        assertThat(run("set-endpoint orders db2:5432 --if-version 2").code()).isZero();
        Run never = run("set-endpoint orders db2:5432 --if-version 7 -o json"); // it was lost in a restore
        assertThat(never.code()).isEqualTo(3);
        assertThat(never.err()).contains("is at version 3, not 7");
    }

    @Test
    void exportsWhatItImports() {
        run("set-pool orders --maximum-size 33 --minimum-idle 3");
        String json = run("export orders").out();
        run("set-pool orders --maximum-size 44");

        assertThat(program.input(json).run("import", "-").code()).isZero();

        assertThat(current("orders").version()).isEqualTo(4);
        assertThat(current("orders").settings().pool().maximumSize()).isEqualTo(33);
    }

    @Test
    void exportsToAFile(@TempDir Path folder) {
        Path file = folder.resolve("orders.json");
        assertThat(program.run("export", "orders", "--file", file.toString()).out())
                .isEmpty();
        assertThat(file).exists();
        assertThat(program.run("import", file.toString()).out()).contains("already has this content");
        assertThat(program.run("import", folder.resolve("none").toString()).err())
                .contains("no such file");
        assertThat(Files.exists(folder.resolve("none"))).isFalse();
    }

    @Test
    void refusesNonsenseInAnImportWithEveryProblem() {
        Run run = program.input(
                        "{\"database\":\"orders\",\"endpoint\":{\"host\":\"a b\",\"port\":0,\"databaseName\":\"x\"},"
                                + "\"username\":\"\",\"passwordRef\":\"hunter2\",\"password\":\"hunter2\"}")
                .run("import", "-");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("'a b'", "port is 0", "literal password").doesNotContain("hunter2");
        assertThat(program.input("{\"a\": hunter2}").run("import", "-").err())
                .contains("stdin: it is not JSON: look at line 1")
                .doesNotContain("hunter2");
        assertThat(run.err()).contains("stdin: port is 0");
        assertThat(program.input("[" + run("export orders").out() + ",1]")
                        .run("import", "-")
                        .err())
                .contains("stdin, document 2: a document must be");
        assertThat(program.input("").run("import", "-").code()).isEqualTo(2);
        assertThat(current("orders").version()).isEqualTo(1);
    }

    @Test
    void removesOnlyWhenToldTwiceAndBringsBack() {
        Terminal terminal = new Terminal(true, true, true, true, 80, 24);
        assertThat(program.terminal(terminal)
                        .input("n\n")
                        .run("remove", "orders")
                        .code())
                .isEqualTo(1);
        assertThat(current("orders").version()).isEqualTo(1);
        assertThat(program.input("y\n").run("remove", "orders").code()).isZero();
        assertThat(run("show orders").err()).contains("was removed", "rollback orders");
        assertThat(run("rollback orders").code()).isZero();
        assertThat(current("orders").version()).isEqualTo(3);
    }

    @Test
    void rollsBackOverATemporaryInterval() {
        registry.put(
                "orders", current("orders").settings().withPolling(Polling.DEFAULT.shortenedTo(Duration.ofSeconds(1))));
        registry.put("orders", current("orders").settings().withEndpoint(Endpoint.parse("db2:5432/orders")));
        registry.put("orders", current("orders").settings().withPolling(Polling.DEFAULT));

        assertThat(run("rollback orders").code()).isZero();

        assertThat(current("orders").settings()).isEqualTo(settings("db1:5432/orders"));
        assertThat(current("orders").version()).isEqualTo(5);
        assertThat(run("rollback orders --to 99").err()).contains("no version 99; the newest is 5");
    }

    @Test
    void rollsBackToWhatInstancesServe() {
        FakeInstance instance = new FakeInstance(registry, new SystemTiming(), "orders", "i-1").tick();
        for (String bad : new String[] {"bad1:1/orders", "bad2:1/orders"}) {
            registry.put("orders", settings(bad));
        }
        Run back = run("rollback orders");
        assertThat(back.err()).contains("going back to the content of version 1, which 1 of 1 instances serve");
        assertThat(current("orders").settings()).isEqualTo(settings("db1:5432/orders"));

        instance.poll();
        Run again = run("rollback orders");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err())
                .contains("nothing was written: version 3 (bad2:1/orders) was left")
                .contains("rollback orders --to 3");
        assertThat(current("orders").version()).isEqualTo(4);

        instance.close();
        assertThat(run("rollback orders").err()).contains("going forward again: version 3 (bad2:1/orders)");
    }

    @Test
    void doesNotReportSuccessWhenTheWayBackFromASecondMoveIsUnclear() {
        FakeInstance instance = new FakeInstance(registry, new SystemTiming(), "orders", "i-1").tick();
        for (String endpoint : new String[] {"db2:5432/orders", "db1:5432/orders", "db2:5432/orders"}) {
            registry.put("orders", settings(endpoint));
        }
        instance.poll();

        Run unclear = run("rollback orders");
        assertThat(unclear.code()).isEqualTo(1);
        assertThat(unclear.err())
                .contains("version 3 (db1:5432/orders) was left for the content of version 2 (db2:5432/orders)")
                .contains("next: registry-admin rollback orders --to 3");
        assertThat(current("orders").version()).isEqualTo(4);

        assertThat(run("rollback orders --to 3").code()).isZero();
        assertThat(current("orders").settings()).isEqualTo(settings("db1:5432/orders"));
        instance.close();
    }

    @Test
    void showsATemporaryIntervalAsSuch() {
        registry.put(
                "orders", current("orders").settings().withPolling(Polling.DEFAULT.shortenedTo(Duration.ofSeconds(1))));
        for (String line : new String[] {"list", "show orders", "status orders"}) {
            assertThat(run(line).out()).contains("1s (normally 30s)");
        }
        run("set-interval orders 30s");
        assertThat(current("orders").settings().polling()).isEqualTo(Polling.DEFAULT);
    }

    @Test
    void listsHowTheFleetOfEachDatabaseIs() {
        registry.put("payments", current("orders").settings());
        new FakeInstance(registry, new SystemTiming(), "orders", "i-1").tick();
        new FakeInstance(registry, new SystemTiming(), "orders", "i-2").tick();
        registry.report(InstanceReport.builder(new DatabaseName("orders"), "billing", "stuck-1")
                .state(InstanceState.REJECTED)
                .version(1)
                .acknowledgedVersion(1)
                .endpoint("db1:5432/orders")
                .pollInterval(Duration.ofSeconds(30))
                .heartbeat(Duration.ofSeconds(30))
                .sequence(1)
                .since(Instant.now())
                .reportedAt(Instant.now())
                .clientVersion("test")
                .build());
        String list = run("list").out();
        assertThat(list)
                .contains("FLEET")
                .containsPattern("orders .* 3 live, 1 problem ")
                .containsPattern("payments .* 0 live ");
        Run json = run("list -o json");
        assertThat(json.out()).contains("\"live\" : 3", "\"problems\" : 1", "\"silent\" : 0");
        assertThat(new Terminalless(registry)
                        .input(json.out())
                        .run("import", "-")
                        .out())
                .contains("already has this content");
    }

    @Test
    void showsTheFleet() {
        new FakeInstance(registry, new ManualTiming(), "orders", "i-1").tick();
        assertThat(run("status orders").out()).contains("INSTANCE", "i-1", "db1:5432/orders", "1/9/10");
        assertThat(run("status orders --exit-code").code())
                .as("silent ones are not waited for")
                .isZero();
        assertThat(Json.read(run("status orders -o json").out())).asString().contains("liveness=silent");
    }

    @Test
    void showsWhichMembersArePlain() {
        new FakeInstance(registry, new SystemTiming(), "orders", "i-1").tick();
        assertThat(run("status orders").out()).doesNotContain("plain");
        registry.report(InstanceReport.builder(new DatabaseName("orders"), "reactive", "r-1")
                .state(InstanceState.ACTIVE)
                .protocol(InstanceReport.PLAIN_PROTOCOL)
                .version(1)
                .acknowledgedVersion(1)
                .reportedAt(Instant.now())
                .build());
        assertThat(run("status orders").out())
                .containsPattern("reactive +r-1 .* plain ")
                .contains("1 plain member follows moves, but can't hold callers: a cutover needs --without for each")
                .contains("2 of 2 live instances");
        assertThat(run("status orders -o json").out()).contains("\"plain\" : true", "\"plain\" : false");
    }

    @Test
    void showsThoseThatStoppedInOneLine() {
        new FakeInstance(registry, new SystemTiming(), "orders", "here").tick();
        new FakeInstance(registry, new SystemTiming(), "orders", "gone-1").close();
        new FakeInstance(registry, new SystemTiming(), "orders", "gone-2").close();
        assertThat(run("status orders").out())
                .contains("here", "2 stopped (--all shows them)")
                .doesNotContain("gone-1");
        assertThat(run("status orders --all").out())
                .contains("gone-1", "gone-2")
                .doesNotContain("--all");
        assertThat(run("status orders -o json").out()).contains("gone-1", "gone-2");
        Run moved = run("set-pool orders --maximum-size 11 --wait --timeout 100ms");
        assertThat(moved.out() + moved.err()).contains("here").doesNotContain("gone-");
    }

    @Test
    void showsWhyAnInstanceDidNotStart() {
        registry.report(InstanceReport.builder(new DatabaseName("orders"), "billing", "crash-1")
                .state(InstanceState.STOPPED)
                .version(0)
                .acknowledgedVersion(1)
                .pollInterval(Duration.ofSeconds(30))
                .heartbeat(Duration.ofSeconds(30))
                .sequence(2)
                .since(Instant.now())
                .reportedAt(Instant.now())
                .lastError(Optional.of("password authentication failed for user \"app\""))
                .clientVersion("test")
                .build());
        assertThat(run("status orders").out())
                .contains("1 stopped", "billing/crash-1 did not start", "password authentication failed");
    }

    @Test
    void showsWhoIsAheadOfTheTable() {
        new FakeInstance(registry, new SystemTiming(), "orders", "i-1").sawVersion(8);
        Run status = run("status orders --exit-code");
        assertThat(status.out())
                .contains("AHEAD", "checkout/i-1 has seen version 8, but the table is at version 1")
                .contains("0 of 1 live instances serve at least version 1");
        assertThat(status.code()).isEqualTo(4);
        assertThat(run("set-interval orders 10s --wait").code()).isEqualTo(1);
        assertThat(current("orders").version()).isEqualTo(1);
    }

    @Test
    void saysWhatToDoWhenTheTableIsMissing() {
        registry.fail(new RegistryException(RegistryException.Kind.TABLE_MISSING, "there is no table t", null));
        Run run = run("--table my-table list");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("there is no table t", "registry-admin --table my-table init");
    }

    @Test
    void sendsFromAMissingTableToInitWithoutRepeatingIt() {
        RegistryAdministration missing = (RegistryAdministration) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RegistryAdministration.class},
                (proxy, method, arguments) -> method.getName().equals("checkAccess")
                        ? java.util.List.of(
                                new AccessCheck("Describe", false, "no table 't': run 'registry-admin init'"),
                                new AccessCheck("GetItem", false, "not tried, because of the failure above"))
                        : "a table");
        Run run = new Terminalless(missing).run("doctor", "--table", "t");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out().lines())
                .containsExactly(
                        "a table",
                        "FAIL  Describe: no table 't': run 'registry-admin init'",
                        "SKIP  GetItem: not tried",
                        "This program logs in within these bounds:",
                        "  endpoints: any",
                        "  secrets: any but well-known credentials of other systems",
                        "  TLS: as settings say (rds-iam: verify-full)",
                        "  passwords in clear text: never (rds-iam tokens: over verify-full)",
                        "  driver properties: those known to be harmless");
        assertThat(run.err()).contains("1 of 2 checks failed, 1 were not tried", "next: registry-admin --table t init");
    }

    @Test
    void tellsWhatEachVersionChanged() {
        run("set-pool orders --maximum-size 12 --minimum-idle 10");
        run("set-endpoint orders db2:5432");
        run("remove orders --yes");
        run("rollback orders");
        Run run = run("history orders");
        assertThat(run.out().lines().skip(1))
                .satisfiesExactly(
                        line -> assertThat(line).contains("brought back"),
                        line -> assertThat(line).contains(" removed"),
                        line -> assertThat(line).contains(" endpoint"),
                        line -> assertThat(line).contains("pool.maximumSize 10 -> 12"),
                        line -> assertThat(line).contains(" added"));
        assertThat(run("history orders --limit 4").out())
                .as("compared with one that isn't shown")
                .contains("pool.maximumSize 10 -> 12")
                .doesNotContain("added");
        assertThat(Json.read(run("history orders -o json").out()))
                .asString()
                .contains("changes=[{name=pool.maximumSize, before=10, after=12}]");

        assertThat(program.input(run("history orders --limit 1 -o json").out())
                        .run("import", "-")
                        .out())
                .contains("already has this content");
    }

    @Test
    void saysWhatMayHaveBeenMeant() {
        assertThat(run("statuss").err()).contains("there is no command 'statuss'", "did you mean status?");
        assertThat(run("hsitory orders").err()).contains("did you mean history?");
        for (String typed : new String[] {"cutover orders --too db2:5432", "cutover orders --too=db2:5432"}) {
            Run mistyped = run(typed);
            assertThat(mistyped.code()).isEqualTo(2);
            assertThat(mistyped.err()).contains("there is no option '--too'", "next: did you mean --to?");
        }
        assertThat(run("show orders --outptu json").err()).contains("did you mean --output?");
        Run swallowed = run("cutover orders --to db2:5432 --reverse-slot --yes"); // not the slot's name
        assertThat(swallowed.code()).isEqualTo(2);
        assertThat(swallowed.err()).contains("--reverse-slot", "there is no option '--yes'");
        assertThat(run("replication reverse orders --target db2:5432 --reverse-slot=")
                        .code())
                .isEqualTo(2);
        assertThat(run("show orders --something-else").err()).doesNotContain("did you mean");
        assertThat(run("no-such-command").err()).doesNotContain("did you mean").contains("next: registry-admin --help");
        assertThat(run("diff orders a b").err())
                .contains("'a' is not the number of a version")
                .doesNotContain("long");
    }

    @Test
    void explainsEveryCommandWithAnExample() {
        Run help = run("--help");
        assertThat(help.code()).isZero();
        Commands.meantBy(List.of()).keySet().forEach(name -> {
            assertThat(help.out()).contains("\n  " + name);
            assertThat(explained(name)).contains("--table");
        });
        for (Class<?> group : List.of(CutoverCommand.class, ReplicationCommand.class)) {
            Command command = group.getAnnotation(Command.class);
            for (Class<?> below : command.subcommands()) {
                explained(command.name() + " "
                        + below.getAnnotation(Command.class).name());
            }
        }
        assertThat(run("generate-completion").out()).contains("set-endpoint", "complete -F");
        assertThat(run("--version").out()).startsWith("registry-admin ");
    }

    /** The help of a command, whose examples can be pasted. */
    private String explained(String command) {
        Run help = run(command + " --help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Example").contains("registry-admin " + command);
        assertThat(help.out().substring(help.out().lastIndexOf("Example")).lines())
                .as("wrapped examples can't be pasted")
                .allMatch(line ->
                        line.startsWith("Example") || line.matches(" {2}(registry-admin|source) .*| {6}[-|].*"));
        return help.out();
    }

    private Run run(String line) {
        return program.run(line.split(" ", -1));
    }

    private VersionedSettings current(String database) {
        return ((ReadResult.Found) registry.read(new DatabaseName(database))).settings();
    }

    private static ConnectionSettings settings(String endpoint) {
        return ConnectionSettings.of(Endpoint.parse(endpoint), "app", SecretRef.parse("env:PW"));
    }
}
