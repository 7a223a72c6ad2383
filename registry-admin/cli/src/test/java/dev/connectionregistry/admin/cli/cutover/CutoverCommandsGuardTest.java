package dev.connectionregistry.admin.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.Transition.Phase;
import dev.connectionregistry.settings.VersionedSettings;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ordinary commands do while a cutover is under way: they show it, and write nothing. */
class CutoverCommandsGuardTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final Change COORDINATOR =
            new Change("alice@night", Instant.parse("2026-11-01T02:03:04.500Z"), "upgrade");
    private static final ConnectionSettings SOURCE =
            ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW"));
    private static final ConnectionSettings TARGET =
            SOURCE.withEndpoint(Endpoint.parse("db2:5432/orders")).withPool(PoolSettings.DEFAULT.withMaximumSize(20));

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private Terminalless program = new Terminalless(registry);

    @BeforeEach
    void oneDatabase() {
        registry.put("orders", SOURCE.withPool(PoolSettings.DEFAULT.withMaximumSize(5)));
        registry.put("orders", SOURCE);
    }

    private Run run(String line) {
        return program.run(line.split(" "));
    }

    private VersionedSettings current() {
        return ((ReadResult.Found) registry.read(ORDERS)).settings();
    }

    private VersionedSettings enter(Phase phase) {
        VersionedSettings next =
                current().nextIn(new Transition("c-1", phase, TARGET, Duration.ofSeconds(5)), COORDINATOR);
        assertThat(registry.write(next)).isInstanceOf(WriteResult.Written.class);
        return next;
    }

    /** A coordinator that died behind the switch: nothing stands in the settings, but fence, interval and lock are its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "set-endpoint orders db3:5432 --no-wait",
                "set-endpoint orders db3:5432 --poll-interval 1s",
                "set-pool orders --maximum-size 7",
                "set-interval orders 5s",
                "set-credentials orders --username other --password-ref env:OTHER",
                "set-report-partitions orders 8",
                "rollback orders --to 1 --no-wait",
                "import -",
                "remove orders --yes",
            })
    void everyCommandThatWritesRefusesUntilACutoverHasGivenItsLockBack(String line) {
        program.input(run("export orders").out().replace("db1:5432", "db4:5432"));
        VersionedSettings before = current();
        CutoverLock lock = new CutoverLock(ORDERS, 1, "c-1", true, "t", COORDINATOR.by(), COORDINATOR.at());
        assertThat(registry.writeLock(lock)).isTrue();
        for (String command : List.of(line, line + " --dry-run")) {
            Run run = run(command);
            assertThat(run.code()).as("%s: %s", command, run.err()).isEqualTo(1);
            assertThat(run.err())
                    .contains("cutover c-1 has the lock of 'orders', taken by alice@night at 2026-11-01T02:03:04.500Z")
                    .contains("nothing was written")
                    .contains("cutover status orders", "cutover resume orders", "cutover abort orders");
            assertThat(current()).isEqualTo(before);
        }
        assertThat(registry.writeLock(new CutoverLock(ORDERS, 2, "c-1", false, "u", "bob", COORDINATOR.at())))
                .isTrue();
        Run afterwards = run(line);
        assertThat(afterwards.code()).as(afterwards.err()).isZero();
    }

    @Test
    void aDatabaseThatIsNotThereIsNotAddedUnderALockEither() {
        DatabaseName other = new DatabaseName("other");
        registry.writeLock(new CutoverLock(other, 1, "c-2", true, "t", COORDINATOR.by(), COORDINATOR.at()));
        Run run = run("add other --endpoint db3:5432/orders --username app --password-ref env:PW");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("cutover c-2 has the lock of 'other'");
        assertThat(registry.read(other)).isEqualTo(new ReadResult.Absent(Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set-endpoint orders db3:5432",
                "set-endpoint orders db3:5432 --poll-interval 1s",
                "set-endpoint orders db3:5432 --no-wait",
                "set-endpoint orders db3:5432 --no-wait --if-version 1",
                "set-pool orders --maximum-size 7",
                "set-interval orders 5s",
                "set-credentials orders --username other --password-ref env:OTHER",
                "set-report-partitions orders 8",
                "rollback orders",
                "rollback orders --to 1",
                "import -",
                "remove orders --yes",
                "add orders --endpoint db3:5432/orders --username app --password-ref env:PW",
            })
    void everyCommandThatWritesRefusesAlsoADryRun(String line) {
        program.input(run("export orders").out());
        VersionedSettings hold = enter(Phase.HOLD);
        for (String command : List.of(line, line + " --dry-run")) {
            Run run = run(command);
            assertThat(run.code()).as("%s: %s", command, run.err()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .contains("error: cutover c-1 to db2:5432/orders is under way for 'orders': phase hold")
                    .contains("since version 3, written by alice@night at 2026-11-01T02:03:04.500Z, \"upgrade\"")
                    .contains("nothing was written")
                    .contains("cutover status orders")
                    .contains("cutover resume orders")
                    .contains("cutover abort orders");
            assertThat(current()).isEqualTo(hold);
        }
    }

    @Test
    void programsTellTheRefusalByItsCode() {
        enter(Phase.PREPARE);
        Run run = run("--output json set-pool orders --maximum-size 7");
        assertThat(run.code()).isEqualTo(1);
        assertThat(((Map<?, ?>) Json.read(run.err())).get("error"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("code", "cutover-under-way");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set-endpoint orders db3:5432 --no-wait",
                "set-pool orders --maximum-size 7",
                "rollback orders --to 1 --no-wait",
                "remove orders --yes",
            })
    void aCutoverThatBeginsBetweenReadAndWriteIsNamedToo(String line) {
        program = new Terminalless(beforeTheFirstWrite(() -> enter(Phase.PREPARE)));
        Run run = run(line);
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).contains("cutover c-1 to db2:5432/orders is under way", "phase prepare since version 3");
        assertThat(current().transition()).isPresent();
        assertThat(current().version()).isEqualTo(3);
    }

    /** The registry, in which somebody is faster by one write. */
    private RegistryAdministration beforeTheFirstWrite(Runnable somebody) {
        boolean[] done = {false};
        return (RegistryAdministration) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RegistryAdministration.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("write") && !done[0]) {
                        done[0] = true;
                        somebody.run();
                    }
                    return method.invoke(registry, arguments);
                });
    }

    @Test
    void commandsWriteAgainOnceItHasEnded() {
        VersionedSettings hold = enter(Phase.HOLD);
        registry.write(hold.next(TARGET, COORDINATOR));
        Run run = run("set-pool orders --maximum-size 7");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(current().transition()).isEmpty();
        assertThat(current().settings().endpoint()).isEqualTo(TARGET.endpoint());
    }

    @Test
    void goingBackToAVersionWithATransitionTakesOnlyItsSettings() {
        VersionedSettings prepare = enter(Phase.PREPARE);
        registry.write(prepare.next(TARGET, COORDINATOR));
        Run run = run("rollback orders --to 3 --no-wait");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(current().settings()).isEqualTo(SOURCE);
        assertThat(current().transition()).isEmpty();
    }

    @Test
    void anExportOfACutoverIsNotTakenIn() {
        enter(Phase.HOLD);
        String exported = run("export orders").out();
        assertThat(exported).contains("\"transition\"", "\"phase\" : \"hold\"");
        Run run = program.input(exported.replace("\"database\" : \"orders\"", "\"database\" : \"other\""))
                .run("import", "-");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("stdin: the document of 'other'", "export of a cutover under way", "`transition`");
        assertThat(registry.read(new DatabaseName("other"))).isEqualTo(new ReadResult.Absent(Optional.empty()));
    }

    @Test
    void showNamesTheCutoverAndWhatItChanges() {
        enter(Phase.HOLD);
        assertThat(run("show orders").out())
                .contains("orders, version 3")
                .contains("  cutover c-1 to db2:5432/orders: hold since 2026-11-01T02:03:04.500Z, hold budget 5s")
                .contains("    endpoint: db1:5432/orders -> db2:5432/orders")
                .contains("    pool.maximumSize: 10 -> 20");
        assertThat(run("show orders --version 2").out()).doesNotContain("cutover");
        assertThat(((Map<?, ?>) Json.read(run("show orders --output json").out())).get("transition"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("id", "c-1")
                .containsEntry("phase", "hold");
    }

    @Test
    void listShowsWhereItGoes() {
        enter(Phase.PREPARE);
        assertThat(run("list").out()).contains("db1:5432/orders -> db2:5432/orders (prepare)");
    }

    @Test
    void historyTellsTheStepsOfACutover() {
        VersionedSettings first = enter(Phase.PREPARE);
        registry.write(first.next(SOURCE, COORDINATOR));
        enter(Phase.PREPARE);
        enter(Phase.HOLD);
        VersionedSettings again = enter(Phase.HOLD);
        registry.write(again.next(TARGET, COORDINATOR));
        List<String> lines = run("history orders").out().lines().toList();
        assertThat(lines.get(1)).contains("cutover c-1: switched, endpoint, pool.maximumSize 10 -> 20");
        assertThat(lines.get(2)).contains("cutover c-1 to db2:5432/orders: hold again");
        assertThat(lines.get(3))
                .contains("cutover c-1 to db2:5432/orders: hold")
                .doesNotContain("again");
        assertThat(lines.get(4)).contains("cutover c-1 to db2:5432/orders: prepare");
        assertThat(lines.get(5)).contains("cutover c-1: given up").doesNotContain("transition");
    }

    @Test
    void diffShowsTheTransitionAttributeByAttribute() {
        enter(Phase.PREPARE);
        enter(Phase.HOLD);
        assertThat(run("diff orders 2 3").out())
                .contains(
                        "transition.id: (none) -> c-1",
                        "transition.phase: (none) -> prepare",
                        "transition.holdBudget: (none) -> 5s",
                        "transition.target.endpoint: (none) -> db2:5432/orders",
                        "transition.target.pool.maximumSize: (none) -> 20")
                .doesNotContain("transition.target.username");
        assertThat(run("diff orders 3 4").out().strip()).isEqualTo("transition.phase: prepare -> hold");
    }

    @Test
    void statusTellsPhaseTargetAndSinceAndCountsWhoIsThere() {
        VersionedSettings prepare = enter(Phase.PREPARE);
        report("a", InstanceState.READY, prepare.version());
        report("b", InstanceState.PREPARING, prepare.version());
        report("c", InstanceState.ACTIVE, 2);
        assertThat(run("status orders").out())
                .contains("cutover c-1 to db2:5432/orders: prepare since 2026-11-01T02:03:04.500Z")
                .contains("PREPARING", "READY")
                .contains("1 of 3 live instances are READY for version 3");
        VersionedSettings hold = enter(Phase.HOLD);
        report("a", InstanceState.HELD, hold.version());
        report("b", InstanceState.HOLDING, hold.version());
        report("c", InstanceState.HELD, prepare.version());
        assertThat(run("status orders").out())
                .contains("hold since", "HOLDING", "HELD")
                .as("a report of an earlier hold is not one of this")
                .contains("1 of 3 live instances are HELD for version 4");
    }

    private void report(String instance, InstanceState state, long acknowledged) {
        registry.report(InstanceReport.builder(ORDERS, "checkout", instance)
                .state(state)
                .version(2)
                .acknowledgedVersion(acknowledged)
                .endpoint("db1:5432/orders")
                .pollInterval(Duration.ofSeconds(30))
                .heartbeat(Duration.ofSeconds(30))
                .sequence(1)
                .since(Instant.now())
                .reportedAt(Instant.now())
                .pool(new PoolFigures(1, 9, 0, 10))
                .clientVersion("test")
                .build());
    }
}
