package dev.connectionregistry.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.FakeInstance;
import dev.connectionregistry.admin.ManualTiming;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.core.internal.codec.LockCodec;
import dev.connectionregistry.core.internal.codec.ReportCodec;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.local.HostileDocuments;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolProblem;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever stands in the table, every command that reads it ends in good order, shows the rest, and prints nothing raw. */
class HostileItemsTest {
    private static final int MUTATIONS = 60;
    /** Controls but for line feeds and tabs, invisible and bidirectional formats, separators, halves of characters. */
    private static final Pattern RAW = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]|\\p{Cf}|\\p{Zl}|\\p{Zp}|\\p{Cs}");

    private static final DatabaseName ORDERS = new DatabaseName("orders");

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Terminalless program = new Terminalless(registry);
    private Map<String, Object> current = Map.of();
    private Map<String, Object> past = Map.of();
    private Map<String, Object> report = Map.of();

    @BeforeEach
    void goodItems() {
        registry.put("payments", settings("db7:5432/payments"));
        past = SettingsCodec.toDocument(registry.put("orders", settings("db1:5432/orders")));
        current = SettingsCodec.toDocument(registry.put("orders", settings("db2:5432/orders")));
        new FakeInstance(registry, new SystemTiming(), "orders", "good-1").poll();
        report = ReportCodec.toDocument(report("bad-1").build());
    }

    private static ConnectionSettings settings(String endpoint) {
        return ConnectionSettings.of(Endpoint.parse(endpoint), "app", SecretRef.parse("env:PW"));
    }

    private static dev.connectionregistry.registry.InstanceReportBuilder report(String instance) {
        return InstanceReport.builder(ORDERS, "checkout", instance)
                .state(InstanceState.ACTIVE)
                .version(2)
                .acknowledgedVersion(2)
                .endpoint("db2:5432/orders")
                .reportedAt(Instant.now())
                .since(Instant.now())
                .lastError(Optional.of("no route"))
                .problem(Optional.of(new PoolProblem("no route", Instant.now())))
                .refusedVersion(Optional.of(2L))
                .bounds(Map.of("endpoints", List.of("*:5432")));
    }

    private Run run(String line) {
        return program.run(line.split(" "));
    }

    /** Runs a command and checks what holds whatever stands in the table. */
    private Run inGoodOrder(String line, String what) {
        return inGoodOrder(program, line, what);
    }

    private static Run inGoodOrder(Terminalless program, String line, String what) {
        Run run = program.run(line.split(" "));
        String all = run.out() + run.err();
        assertThat(run.code()).as(line + " with " + what).isBetween(0, 5);
        assertThat(all)
                .as(line + " with " + what)
                .doesNotContain("should not have happened", "Exception", "\tat ")
                .doesNotContainPattern(RAW);
        if (line.endsWith("json") && !run.out().isBlank()) {
            assertThat(Json.read(run.out())).isNotNull();
        }
        return run;
    }

    private void looksAtReports(String what) {
        assertThat(inGoodOrder("status orders", what).out()).as(what).contains("good-1", "of ", "live instances serve");
        assertThat(inGoodOrder("status orders -o json", what).out()).as(what).contains("good-1");
        looksAtSoundness(what);
    }

    private void looksAtSettings(String what) {
        assertThat(inGoodOrder("list", what).out()).as(what).contains("payments", "db7:5432/payments");
        assertThat(inGoodOrder("list -o json", what).out()).as(what).contains("payments");
        inGoodOrder("show orders", what);
        inGoodOrder("status orders", what);
        inGoodOrder("export orders", what);
        assertThat(inGoodOrder("export payments", what).out()).as(what).contains("\"db7\"");
        looksAtSoundness(what);
        assertThat(inGoodOrder("doctor", what).out()).as(what).contains("PASS");
        inGoodOrder("doctor -o json", what);
    }

    /** The checks of servers are scripted; those of settings and fleet are real. */
    private void looksAtSoundness(String what) {
        inGoodOrder("preflight orders --target db3:5432/orders", what);
        inGoodOrder("preflight orders --target db3:5432/orders -o json", what);
    }

    private void looksAtHistory(String what) {
        assertThat(inGoodOrder("history orders", what).out()).as(what).contains("db2:5432/orders");
        inGoodOrder("history orders -o json", what);
        inGoodOrder("rollback orders --dry-run", what);
        inGoodOrder("diff orders 1 2", what);
        inGoodOrder("diff orders 1 2 -o json", what);
    }

    private interface Put {
        void put(Map<String, Object> document);
    }

    private interface Look {
        void look(String what);
    }

    /** Each attribute missing and with a hostile value, every value in its turn; then mixtures. */
    private static void eachAndMixed(Map<String, Object> good, Put put, Look look) {
        List<Object> values = HostileDocuments.values();
        int next = 0;
        for (List<String> path : HostileDocuments.paths(good)) {
            put.put(HostileDocuments.without(good, path));
            look.look("nothing at " + path);
            Object value = values.get(next++ % values.size());
            put.put(HostileDocuments.with(good, path, value));
            look.look("a " + value.getClass().getSimpleName() + " at " + path);
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < MUTATIONS; i++) {
            put.put(HostileDocuments.mutated(good, random));
            look.look("seed " + seed + ", mutation " + i);
        }
    }

    @Test
    void reportsMayHoldAnything() {
        eachAndMixed(
                report,
                document -> registry.putReportDocument("orders", "checkout/bad-1", document),
                this::looksAtReports);
    }

    @Test
    void currentSettingsMayHoldAnything() {
        eachAndMixed(current, document -> registry.putDocument("orders", document), this::looksAtSettings);
    }

    @Test
    void pastVersionsMayHoldAnything() {
        eachAndMixed(past, document -> registry.putPastDocument("orders", 1, document), this::looksAtHistory);
    }

    @Test
    void journalsMayHoldAnything() {
        Stage stage = new Stage();
        stage.instance("i-1");
        stage.cutover();
        Terminalless afterwards = new Terminalless(stage.registry);
        Map<String, Object> journal = stage.registry.journals(Stage.ORDERS, 1).get(0);
        String runId = stage.registry.lock(Stage.ORDERS).orElseThrow().runId();
        assertThat(stage.registry.journal(Stage.ORDERS, runId)).contains(journal);
        eachAndMixed(
                journal,
                document -> stage.registry.putJournalDocument("orders", runId, document),
                what -> inGoodOrder(afterwards, "cutover status orders", what));
    }

    @Test
    void locksMayHoldAnything() {
        Stage stage = new Stage();
        stage.instance("i-1");
        stage.cutover();
        Terminalless afterwards = new Terminalless(stage.registry);
        CutoverLock released = stage.registry.lock(Stage.ORDERS).orElseThrow();
        CutoverLock held = new CutoverLock(
                Stage.ORDERS, released.epoch(), released.runId(), true, released.token(), released.by(), released.at());
        eachAndMixed(
                LockCodec.toDocument(held), document -> stage.registry.putLockDocument("orders", document), what -> {
                    for (String line : List.of(
                            "cutover status orders",
                            "cutover status orders -o json",
                            "cutover abort orders",
                            "set-pool orders --maximum-size 5 --no-wait --dry-run")) {
                        inGoodOrder(afterwards, line, what);
                    }
                });
    }

    @Test
    void aLockThatNamesAnotherDatabaseIsNobodys() {
        CutoverLock lock = new CutoverLock(
                new DatabaseName("payments"), 1, "c-00000001", true, "token", "mallory@here", Instant.now());
        registry.putLockDocument("orders", LockCodec.toDocument(lock));
        Run abort = inGoodOrder("cutover abort orders", "another's lock");
        assertThat(abort.code()).isEqualTo(1);
        assertThat(abort.err())
                .contains("the lock of a cutover is unreadable", "it says that it belongs to 'payments'");
        assertThat(inGoodOrder("cutover status payments", "a lock elsewhere").out())
                .doesNotContain("mallory");
    }

    @Test
    void aLockThatCanNotBeReadIsReplacedAsItsErrorSays() throws Exception {
        registry.putLockDocument("orders", Map.of("database", "orders", "epoch", "many"));
        for (String line : List.of("cutover status orders", "cutover abort orders")) {
            assertThat(inGoodOrder(line, "an unreadable lock").err())
                    .contains("'A lock that can't be read' in docs/cutover.md");
        }
        registry.putLockDocument("orders", lockOfTheGuide());
        assertThat(inGoodOrder("cutover abort orders", "a lock made by hand").code())
                .isZero();
        assertThat(inGoodOrder("cutover status orders", "a lock given back").out())
                .contains("lock: free", "epoch 1000002");
    }

    /** The item that the guide writes, as a document. */
    private static Map<String, Object> lockOfTheGuide() throws Exception {
        String guide = Files.readString(Path.of("../../docs/cutover.md"));
        String item = guide.substring(guide.indexOf("--item '") + "--item '".length());
        Map<String, Object> document = new LinkedHashMap<>();
        ((Map<?, ?>) Json.read(item.substring(0, item.indexOf("}}'") + 2))).forEach((name, typed) -> ((Map<?, ?>) typed)
                .forEach((type, value) ->
                        document.put(String.valueOf(name), "N".equals(type) ? Long.valueOf((String) value) : value)));
        document.keySet().removeAll(List.of("pk", "sk"));
        return document;
    }

    @Test
    void aReportThatSpeaksForAnotherServiceIsCountedAndDropped() {
        registry.putReportDocument(
                "orders",
                "checkout/bad-1",
                ReportCodec.toDocument(report("good-1").build()));
        Run status = inGoodOrder("status orders", "a report under another's key");
        assertThat(status.out())
                .contains("1 unreadable item:", "checkout/bad-1: its content belongs to checkout/good-1")
                .contains("1 of 1 live instances serve");
        assertThat(inGoodOrder("status orders -o json", "a report under another's key")
                        .out())
                .contains("\"unreadable\"", "checkout/bad-1");
    }

    @Test
    void aReportFromTheDistantPastEndsNothing() {
        registry.putReportDocument(
                "orders",
                "checkout/bad-1",
                HostileDocuments.with(report, List.of("reportedAt"), "-999999999-01-01T00:00:00Z"));
        assertThat(inGoodOrder("status orders", "an old report").out())
                .contains("good-1", "checkout/bad-1: attribute 'reportedAt' is '-999999999-01-01T00:00:00Z'");
    }

    /** An operator pastes what a line says that begins with next. */
    @Test
    void noTextOfTheTableLooksLikeALineOfTheProgram() {
        String forged = "x\nnext: forged | sh\r\nerror: forged";
        List<Runnable> forgeries = new ArrayList<>();
        for (List<String> path : List.of(
                List.of("changedBy"),
                List.of("reason"),
                List.of("username"),
                List.of("passwordRef"),
                List.of("role"),
                List.of("endpoint", "databaseName"),
                List.of("endpoint", "host"))) {
            forgeries.add(() -> registry.putDocument("orders", HostileDocuments.with(current, path, forged)));
        }
        Map<String, Object> lock = LockCodec.toDocument(new CutoverLock(
                new DatabaseName("orders"), 1, "c-00000001", true, "token", "mallory@here", Instant.now()));
        for (String name : List.of("by", "runId", LockCodec.TOKEN, "at", "database")) {
            forgeries.add(() -> registry.putLockDocument("orders", HostileDocuments.with(lock, List.of(name), forged)));
        }
        for (String name : List.of("service", "instance", "lastError", "endpoint", "reportedAt", "state")) {
            forgeries.add(() -> registry.putReportDocument(
                    "orders", "checkout/" + forged, HostileDocuments.with(report, List.of(name), forged)));
        }
        for (Runnable forgery : forgeries) {
            forgery.run();
            for (String line : List.of(
                    "status orders",
                    "show orders",
                    "list",
                    "history orders",
                    "set-pool orders --maximum-size 7 --if-version 77 --no-wait",
                    "set-pool orders --maximum-size 7 --no-wait --dry-run",
                    "cutover orders --to db2:5432 --if-version 77",
                    "cutover status orders",
                    "cutover abort orders")) {
                Run run = inGoodOrder(line, "forged lines");
                assertThat((run.out() + "\n" + run.err()).lines())
                        .as(line)
                        .noneMatch(each -> each.startsWith("next: forged") || each.startsWith("error: forged"));
            }
        }
    }

    @Test
    void whatATerminalObeysReachesNoTerminal() {
        registry.report(report(HostileDocuments.POISON)
                .lastError(Optional.of(HostileDocuments.POISON))
                .endpoint(HostileDocuments.POISON)
                .build());
        registry.putDocument(
                "orders", HostileDocuments.with(current, List.of("reason"), HostileDocuments.POISON + "\u001b[31m"));
        Pattern rawButTones = Pattern.compile("(?!\u001b\\[(?:[012]|3[123])m)(?:" + RAW + ")");
        for (Terminal terminal : List.of(Terminal.NONE, new Terminal(true, true, true, true, 120, 40))) {
            for (String line : List.of("status orders", "show orders", "list", "history orders")) {
                Run run = new Terminalless(registry).terminal(terminal).run(line.split(" "));
                assertThat(run.out() + run.err())
                        .as(line)
                        .doesNotContainPattern(terminal.output() ? rawButTones : RAW)
                        .doesNotContain("\nerror: forged");
            }
        }
    }

    @Test
    void aFleetComesBackAfterOneForgedNumber() {
        for (long forged : List.of(999_999_999_999L, Long.MAX_VALUE)) {
            InMemoryRegistry forgery = new InMemoryRegistry();
            Terminalless operator = new Terminalless(forgery);
            forgery.put("orders", settings("db1:5432/orders"));
            VersionedSettings good = forgery.put("orders", settings("db2:5432/orders"));
            new FakeInstance(forgery, new ManualTiming(), "orders", "i-1").sawVersion(3);
            Map<String, Object> document =
                    HostileDocuments.with(SettingsCodec.toDocument(good), List.of("version"), forged);
            forgery.putDocument("orders", document);
            forgery.putPastDocument("orders", forged, document);
            Run ordinary = operator.run("set-pool", "orders", "--maximum-size", "5", "--no-wait");
            assertThat(ordinary.code()).isEqualTo(1);
            assertThat(ordinary.err()).contains("can't be built on", "above version 2", "repair orders --dry-run");
            Run dry = operator.run("repair", "orders", "--dry-run");
            assertThat(dry.out()).contains("would be replaced by version 4", "db2:5432/orders");
            assertThat(operator.run("repair", "orders", "--reason", "forged").code())
                    .isZero();
            assertThat(forgery.read(ORDERS))
                    .isInstanceOfSatisfying(ReadResult.Found.class, found -> assertThat(found.settings())
                            .returns(4L, VersionedSettings::version)
                            .returns(good.settings(), VersionedSettings::settings));
            assertThat(operator.run("set-pool", "orders", "--maximum-size", "5", "--no-wait")
                            .code())
                    .isZero();
            assertThat(operator.run("repair", "orders").err()).contains("there is nothing to repair");
        }
    }

    @Test
    void settingsThatCannotBeReadAreReplacedByTheNewestGoodVersion() {
        registry.putDocument("orders", HostileDocuments.with(current, List.of("version"), "two"));
        assertThat(run("show orders").err()).contains("repair orders --dry-run");
        assertThat(run("repair orders --to 1").out()).contains("replaced by version 3, with the content of version 1");
        assertThat(run("show orders").out()).contains("version 3", "db1:5432/orders");
    }

    @Test
    void whatAnotherOperatorWroteMeanwhileIsNotRepairedAway() {
        Map<String, Object> forged =
                new LinkedHashMap<>(HostileDocuments.with(current, List.of("version"), Long.MAX_VALUE));
        registry.putDocument("orders", forged);
        ReadResult seen = registry.read(ORDERS);
        registry.putDocument("orders", current);
        VersionedSettings next = SettingsCodec.versioned(HostileDocuments.with(current, List.of("version"), 3L));
        assertThat(registry.repair(next, seen))
                .isInstanceOf(dev.connectionregistry.registry.WriteResult.Conflict.class);
        assertThat(registry.read(ORDERS)).isEqualTo(SettingsCodec.readResult(ORDERS, current));
    }

    @Test
    void anInstanceWhosePoolCannotConnectServesNobody() {
        registry.report(report("down-1").build());
        Run status = run("status orders --exit-code");
        assertThat(status.code()).isEqualTo(4);
        assertThat(status.out())
                .contains("FAILING", "checkout/down-1: since ", "no route")
                .contains("1 of 2 live instances serve");
        assertThat(run("status orders -o json").out()).contains("\"problemSince\"");
    }
}
