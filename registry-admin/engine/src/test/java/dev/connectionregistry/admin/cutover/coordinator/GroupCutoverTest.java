package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.TakeOverRequest;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.fleet.OtherNames.NamedFleet;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three names over two Postgres databases: orders and reports on one, billing on the other. */
@Timeout(60)
class GroupCutoverTest {
    private static final List<String> NAMES = List.of("orders", "billing", "reports");

    private final Stage stage = new Stage();
    private FakeServers billing;

    @BeforeEach
    void threeNamesHaveAnInstanceEach() {
        billing = stage.database("billing", 16_000);
        stage.put("reports", "orders");
        stage.instance("a");
        stage.instance("billing", "b");
        stage.instance("reports", "c");
    }

    private CutoverResult cutover() {
        return stage.group(Stage.options(), "orders", "billing", "reports");
    }

    private List<String> hosts() {
        return NAMES.stream()
                .map(name -> stage.current(name).settings().endpoint().host())
                .toList();
    }

    private void assertSteadyOn(String host) {
        assertThat(hosts()).containsExactly(host, host, host);
        for (String name : NAMES) {
            VersionedSettings current = stage.current(name);
            assertThat(current.transition()).as(name).isEmpty();
            assertThat(current.settings().polling().isTemporary()).as(name).isFalse();
            assertThat(stage.registry.lock(new DatabaseName(name)).filter(CutoverLock::held))
                    .as(name)
                    .isEmpty();
        }
    }

    private void assertFences(boolean up) {
        assertThat(stage.servers.fenceUp()).isEqualTo(up);
        assertThat(billing.fenceUp()).isEqualTo(up);
    }

    @Test
    void switchesAllNamesAndFencesEachPostgresDatabaseOnce() {
        CutoverResult result = cutover();

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertSteadyOn("db2");
        assertFences(true);
        assertThat(stage.events()).filteredOn(event -> event.endsWith("raise")).containsOnly("raise", "billing raise");
        assertThat(stage.events()).filteredOn("steady db2"::equals).hasSize(1);
    }

    @Test
    void writesAllPhasesOfAllNamesAtTheSameTime() {
        stage.script.on(
                "HOLD written",
                () -> NAMES.forEach(name -> assertThat(
                                stage.current(name).transition().orElseThrow().phase())
                        .isEqualTo(Transition.Phase.HOLD)));
        stage.script.on("steady db2 written", () -> assertThat(hosts()).containsOnly("db2"));
        assertThat(cutover().outcome()).isEqualTo(RunOutcome.SWITCHED);
    }

    @Test
    void takesTheLocksOfTheServersInTheirOrderAndNotInThatOfTheNames() {
        cutover();
        assertThat(stage.events())
                .filteredOn(event -> event.endsWith("open session"))
                .containsExactly("billing open session", "open session");
    }

    @Test
    void putsUpNoFenceBeforeEveryNameHolds() {
        stage.script.on("billing raise", () -> assertHeld());
        stage.script.on("raise", () -> assertHeld());
        assertThat(cutover().outcome()).isEqualTo(RunOutcome.SWITCHED);
    }

    private void assertHeld() {
        NAMES.forEach(name -> assertThat(stage.registry.fleet(new DatabaseName(name)))
                .allMatch(report -> report.state().name().equals("HELD")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "raise",
                "billing raise",
                "prove",
                "billing prove",
                "barrier",
                "billing barrier",
                "sequences",
                "billing sequences",
                "refusal",
                "billing refusal"
            })
    void aFailureOnOnePostgresDatabaseUndoesAll(String event) {
        stage.script.fail(event, () -> {
            throw new ServerException(ServerException.Kind.NOT_SO, "it isn't so", null);
        });
        CutoverResult result = cutover();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("it isn't so");
        assertSteadyOn("db1");
        assertFences(false);
    }

    @Test
    void aPostgresDatabaseGoesOnWithoutWaitingForTheOthers() {
        CountDownLatch ahead = new CountDownLatch(1);
        stage.script.on("sequences", ahead::countDown);
        stage.script.on("billing prove", () -> assertThat(happens(ahead)).isTrue());
        assertThat(cutover().outcome()).isEqualTo(RunOutcome.SWITCHED);
    }

    @Test
    void whenOneThatIsAheadFailsTheOtherIsGivenUpBeforeTheUndo() {
        CountDownLatch never = new CountDownLatch(1);
        stage.script.on("billing prove", () -> assertThat(happens(never)).isFalse());
        stage.script.fail("sequences", () -> {
            throw new ServerException(ServerException.Kind.NOT_SO, "it isn't so", null);
        });
        CutoverResult result = cutover();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("'orders': it isn't so");
        assertThat(stage.events()).contains("billing prove").doesNotContain("billing barrier");
        assertFences(false);
    }

    /** Whether it happens in time; not in a thread that is interrupted, which stays so. */
    private static boolean happens(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void theUndoIsWrittenOnceEveryFenceIsDown() {
        stage.script.fail("billing barrier", () -> {
            throw new ServerException(ServerException.Kind.NOT_SO, "lags", null);
        });
        stage.script.on("steady db1", () -> assertFences(false));
        assertThat(cutover().outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.events())
                .contains("steady db1")
                .filteredOn("steady db1"::equals)
                .hasSize(1);
    }

    @Test
    void aFenceThatCannotBeLoweredYetDoesNotKeepTheOtherUp() {
        stage.script.fail("barrier", () -> {
            throw new ServerException(ServerException.Kind.NOT_SO, "lags", null);
        });
        stage.script.fail("billing lower", 1, () -> {
            throw new ServerException(ServerException.Kind.TIMED_OUT, "slow", null);
        });
        assertThat(cutover().outcome()).isEqualTo(RunOutcome.UNDONE);
        assertSteadyOn("db1");
        assertFences(false);
    }

    @Test
    void aNameWhoseVersionChangesInTheHoldIsNotSwitchedAndNeitherAreTheOthers() {
        stage.script.on("barrier", () -> {
            VersionedSettings held = stage.current("reports");
            stage.registry.write(new VersionedSettings(
                    held.database(),
                    held.version() + 1,
                    held.settings(),
                    held.change(),
                    false,
                    held.transition(),
                    held.unknown()));
        });
        CutoverResult result = cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("of 'reports' could not be written");
        assertSteadyOn("db1");
        assertFences(false);
    }

    @Test
    void aLockOfOneNameThatIsHeldByAnotherRunRefusesAll() {
        stage.registry.writeLock(
                new CutoverLock(new DatabaseName("reports"), 1, "c-other", true, "t", "carol", stage.timing.now()));
        CutoverResult result = cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(result.state().cause()).contains("c-other has the lock of 'reports'");
        assertThat(stage.registry.lock(Stage.ORDERS)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Purpose.class,
            names = {"RESUME", "ABORT"})
    void aRunThatDiedBehindItsFencesIsTakenOverByAnyOfItsNames(Purpose purpose) {
        stage.script.crash("sequences");
        assertThatThrownBy(this::cutover).isInstanceOf(Script.Crash.class);
        stage.servers.loseSession();
        billing.loseSession();
        stage.script.clear();
        assertFences(true);

        CutoverResult result = stage.takeOver("reports", purpose);

        boolean forward = purpose == Purpose.RESUME;
        assertThat(result.outcome()).as(result.toString()).isEqualTo(forward ? RunOutcome.SWITCHED : RunOutcome.UNDONE);
        assertSteadyOn(forward ? "db2" : "db1");
        assertFences(forward);
    }

    /** A reader, for one, goes elsewhere than its primary. */
    @Test
    void theTargetsOfARunThatHadPreparedNothingMayDiffer() {
        stage.script.crash("plan");
        assertThatThrownBy(this::cutover).isInstanceOf(Script.Crash.class);
        stage.servers.loseSession();
        billing.loseSession();
        stage.script.clear();
        DatabaseName ledger = new DatabaseName("billing");

        assertThatThrownBy(() -> stage.takeOver(resume(Optional.empty(), Map.of(ledger, "db2:5432"))))
                .isInstanceOfSatisfying(OperationException.class, problem -> {
                    assertThat(problem)
                            .hasMessageContainingAll("settings of 'orders' nor", "settings of 'reports' nor")
                            .hasMessageNotContaining("settings of 'billing' nor");
                    assertThat(problem.next())
                            .contains("--map orders=HOST:PORT/NAME --map reports=HOST:PORT/NAME; else ");
                });
        assertThatThrownBy(() -> stage.takeOver(resume("db2:5432", Map.of(ledger, "db3:5432"))))
                .hasMessageContaining("is db2:5432/billing, not db3:5432 as --map says");
        assertThatThrownBy(() -> stage.takeOver(resume("db2:5432", Map.of(new DatabaseName("users"), "db2:5432"))))
                .hasMessageContaining("--map names 'users', which is not in the open cutover of 'orders'");
        assertThat(hosts()).containsOnly("db1");
        Map<DatabaseName, String> mapped =
                Map.of(Stage.ORDERS, "db2:5432", new DatabaseName("reports"), "db2:5432/orders");
        assertThatThrownBy(() -> stage.takeOver(resume("db3:5432", mapped)))
                .hasMessageContaining("is db2:5432/billing, not db3:5432 as --to says");

        assertThat(stage.takeOver(resume("db2:5432", mapped)).outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertSteadyOn("db2");
    }

    private static TakeOverRequest resume(String to, Map<DatabaseName, String> mapped) {
        return resume(Optional.of(to), mapped);
    }

    private static TakeOverRequest resume(Optional<String> to, Map<DatabaseName, String> mapped) {
        return new TakeOverRequest(
                new DatabaseName("reports"),
                Optional.empty(),
                Purpose.RESUME,
                AdminLogin.SAME,
                AdminLogin.SAME,
                RepeatedOptions.NONE,
                Optional.empty(),
                new TakeOverRequest.Servers(Optional.empty(), to, mapped, text -> false));
    }

    @Test
    void theJournalIsUnderTheFirstNameAndFoundUnderEach() {
        cutover();
        List<Map<String, Object>> journals = NAMES.stream()
                .flatMap(name -> stage.registry.journals(new DatabaseName(name), 9).stream())
                .toList();
        assertThat(journals).hasSize(3).allMatch(journals.get(0)::equals);
        assertThat(journals.get(0)).containsEntry("outcome", "SWITCHED").doesNotContainKey("database");
    }

    @Test
    void aJournalThatNamesAnotherDatabaseWithoutItsLockIsNotBelieved() {
        stage.script.crash("sequences");
        assertThatThrownBy(this::cutover).isInstanceOf(Script.Crash.class);
        stage.script.clear();
        CutoverLock lock = stage.registry.lock(new DatabaseName("reports")).orElseThrow();
        stage.registry.writeLock(new CutoverLock(
                lock.database(), lock.epoch() + 1, "c-other", true, "t", "mallory", stage.timing.now()));
        assertThatThrownBy(() -> stage.takeOver("orders", Purpose.ABORT))
                .hasMessageContaining("'reports'")
                .hasMessageContaining("may be forged");
    }

    /** Behind a switch of all names nothing is executed any more; behind that of one, which anyone may have written, it is. */
    @Test
    void aNameThatIsOnItsTargetAlreadyDoesNotMakeTheJournalTrusted() {
        stage.script.crash("HOLD written");
        assertThatThrownBy(this::cutover).isInstanceOf(Script.Crash.class);
        stage.script.clear();
        VersionedSettings held = stage.current("reports");
        stage.registry.write(held.next(held.transition().orElseThrow().target(), held.change()));
        CutoverLock lock = stage.registry.lock(Stage.ORDERS).orElseThrow();
        Map<String, Object> journal = new LinkedHashMap<>(
                stage.registry.journal(Stage.ORDERS, lock.runId()).orElseThrow());
        Map<String, Object> options = new LinkedHashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(journal.get("options")))
                .forEach((option, value) -> options.put(String.valueOf(option), value));
        options.put("exemptRoles", List.of("mallory"));
        journal.put("options", options);
        stage.registry.writeJournal(lock, journal);

        assertThatThrownBy(() -> stage.takeOver("billing", Purpose.RESUME))
                .isInstanceOf(OperationException.class)
                .hasMessageContaining("was started with --exempt-role mallory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "billing", "reports"})
    void anAbortWithoutAJournalGivesBackTheLocksOfAllNames(String by) {
        List<CutoverLock> locks = NAMES.stream()
                .map(name -> new CutoverLock(
                        new DatabaseName(name), 1, "c-1", true, "t-" + name, "alice", stage.timing.now(), Stage.ORDERS))
                .toList();
        assertThat(stage.registry.writeLocks(locks)).isTrue();
        stage.registry.writeLock(
                new CutoverLock(new DatabaseName("users"), 1, "c-other", true, "t", "carol", stage.timing.now()));
        stage.put("users", "users");
        for (String name : List.of("orders", "billing")) {
            VersionedSettings current = stage.current(name);
            String id = name.equals("orders") ? "c-1" : "c-1-1";
            ConnectionSettings target = current.settings().withEndpoint(Endpoint.parse("db2:5432/" + name));
            stage.registry.write(current.nextIn(
                    new Transition(id, Transition.Phase.HOLD, target, Duration.ofSeconds(5)), current.change()));
        }

        CutoverResult result = stage.takeOver(by, Purpose.ABORT);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertSteadyOn("db1");
        assertThat(stage.registry.lock(new DatabaseName("users")).orElseThrow().held())
                .isTrue();
    }

    @Test
    void aServerThatAnyNameOfAGroupLeftIsRecognised() {
        cutover();
        LeftServers left = new LeftServers(stage.registry, stage.registry);
        List<NamedFleet> all = new OtherNames(stage.registry, new FleetWatcher(stage.registry, stage.timing))
                .read()
                .usable();
        DatabaseName users = new DatabaseName("users");
        assertThat(left.find(users, Endpoint.parse("db1:5432/billing"), all)
                        .orElseThrow()
                        .spec()
                        .database())
                .hasToString("billing");
        assertThat(left.find(users, Endpoint.parse("db1:5432/orders"), all)).isPresent();
        assertThat(left.find(users, Endpoint.parse("db2:5432/billing"), all)).isEmpty();
    }

    @Test
    void namesOnTheSamePostgresDatabaseUnderTwoEndpointsAreRefused() {
        billing.sourceIdentity = stage.servers.sourceIdentity;
        billing.oid = stage.servers.oid;
        CutoverResult result = cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(result.state().cause()).contains("the same Postgres database under two endpoints");
        assertThat(stage.servers.locked()).isFalse();
    }

    @Test
    void theRoomOfATransactionLimitsTheNames() {
        String[] names = Stream.iterate(1, n -> n + 1)
                .limit(34)
                .map(n -> "n" + n)
                .peek(name -> stage.put(name, "orders"))
                .toArray(String[]::new);
        assertThatThrownBy(() -> stage.group(Stage.options(), names))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("34 names")
                .hasMessageContaining("33");
    }

    @Test
    void whatIsOfOnePostgresDatabaseIsRefusedWhereSeveralAreLeft() {
        assertThatThrownBy(() -> stage.group(Stage.options("back", "public.orders"), "orders", "billing"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("--reverse-slot NAME");
        assertThat(stage.group(Stage.options("back", "public.orders"), "orders", "reports")
                        .outcome())
                .isEqualTo(RunOutcome.SWITCHED);
    }

    @Test
    void aNameThatIsNamedTwiceIsRefused() {
        assertThatThrownBy(() -> stage.group(Stage.options(), "orders", "orders"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("'orders' is given twice");
        assertThat(stage.current().settings().endpoint()).isEqualTo(Endpoint.parse("db1:5432/orders"));
    }
}
