package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.ReaderServer.State;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.CutoverRequest;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.Moved;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.PostgresIdentity.ServerRun;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.ServerRole;
import dev.connectionregistry.settings.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names orders, on a primary, and orders-ro, on its standby ro1; they go to the primary db2 and its standby ro2. */
@Timeout(60)
class ReadersTest {
    private static final PostgresIdentity SOURCE = identity("1", 3, "2026-11-01T12:00:00Z");
    private static final PostgresIdentity TARGET = identity("2", 1, "2026-11-01T12:00:01Z");

    private final Stage stage = new Stage();

    @BeforeEach
    void aPrimaryAndItsReaderOnBothSides() {
        stage.servers.sourceIdentity = SOURCE;
        stage.servers.targetIdentity = TARGET;
        standby("ro1", identity("1", 3, "2026-11-02T12:00:00Z"), "0/1");
        standby("ro2", identity("2", 1, "2026-11-02T12:00:01Z"), "0/10");
        stage.instance("a");
        reader("ro1");
    }

    private static PostgresIdentity identity(String cluster, int timeline, String startedAt) {
        return new PostgresIdentity(cluster, "orders", 17, "17.11", Optional.of(new ServerRun(timeline, startedAt)));
    }

    private void standby(String host, PostgresIdentity identity, String position) {
        stage.servers.standbys.put(host, new State(new Endpoint(host, 5432, "orders"), identity, true, position));
    }

    private State standby(String host) {
        return Objects.requireNonNull(stage.servers.standbys.get(host));
    }

    private void reader(String host) {
        stage.registry.put(
                "orders-ro",
                Stage.SOURCE.withEndpoint(new Endpoint(host, 5432, "orders")).withRole(ServerRole.ANY));
        stage.instance("orders-ro", "b");
    }

    private static Moved moved(String name, String host) {
        return new Moved(new DatabaseName(name), settings -> settings.withEndpoint(new Endpoint(host, 5432, "orders")));
    }

    private CutoverResult cutover(Moved... names) {
        return stage.cutovers("alice").start(request(names), stage.observer());
    }

    private static CutoverRequest request(Moved... names) {
        return new CutoverRequest(
                List.of(names), false, "", Optional.empty(), Set.of(), Stage.within(Duration.ofSeconds(2)));
    }

    private static CutoverRequest rehearsal() {
        return new CutoverRequest(
                List.of(moved("orders", "db2"), moved("orders-ro", "ro2")),
                true,
                "",
                Optional.empty(),
                Set.of(),
                Stage.options());
    }

    private CutoverResult both() {
        return cutover(moved("orders", "db2"), moved("orders-ro", "ro2"));
    }

    private void assertOn(String primary, String reader) {
        for (Map.Entry<String, String> each :
                Map.of("orders", primary, "orders-ro", reader).entrySet()) {
            assertThat(stage.current(each.getKey()).settings().endpoint().host())
                    .isEqualTo(each.getValue());
            assertThat(stage.current(each.getKey()).transition()).isEmpty();
            assertThat(stage.registry.lock(new DatabaseName(each.getKey())).filter(CutoverLock::held))
                    .isEmpty();
        }
        assertThat(stage.servers.fenceUp()).isEqualTo(primary.equals("db2"));
    }

    private static String evidence(CutoverResult result, Step step) {
        return result.steps().stream()
                .filter(each -> each.step() == step)
                .map(StepRecord::evidence)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aReaderIsSwitchedWithItsPrimaryAndNothingIsFencedButThePrimary() {
        List<Transition> transitions = new ArrayList<>();
        stage.script.on(
                "HOLD written",
                () -> transitions.add(stage.current("orders-ro").transition().orElseThrow()));

        CutoverResult result = both();

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertOn("db2", "ro2");
        assertThat(stage.events()).filteredOn("raise"::equals).hasSize(1);
        assertThat(evidence(result, Step.VERIFY)).contains("'orders-ro': ro2:5432/orders has replayed 0/10");
        assertThat(transitions).singleElement().satisfies(transition -> assertThat(transition.signalServer())
                .contains(new Endpoint("db2", 5432, "orders")));
    }

    @Test
    void theOrderOfTheNamesDoesNotMatter() {
        CutoverResult result = cutover(moved("orders-ro", "ro2"), moved("orders", "db2"));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(result.spec().database()).isEqualTo(Stage.ORDERS);
        assertOn("db2", "ro2");
    }

    @Test
    void aReaderMayGoToTheTargetItself() {
        CutoverResult result = cutover(moved("orders", "db2"), moved("orders-ro", "db2"));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertOn("db2", "db2");
    }

    @Test
    void aReaderMayComeFromThePrimaryItself() {
        reader("db1");
        CutoverResult result = both();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertOn("db2", "ro2");
        assertThat(stage.events()).filteredOn("raise"::equals).hasSize(1);
    }

    @Test
    void aReaderAloneIsRefusedWithTheCommandsThatMoveIt() {
        assertThatThrownBy(() -> cutover(moved("orders-ro", "ro2")))
                .isInstanceOfSatisfying(OperationException.class, e -> {
                    assertThat(e).hasMessageContaining("'orders-ro' is on a standby, ro1:5432/orders");
                    assertThat(e.next())
                            .contains(
                                    "cutover PRIMARY orders-ro --to HOST:PORT --map orders-ro=ro2:5432/orders",
                                    "set-endpoint orders-ro ro2:5432/orders");
                });
        assertOn("db1", "ro1");
    }

    @Test
    void aNameOfAWholeClusterIsNoReaderUnlessAnotherNameAsksForThePrimary() {
        Endpoint cluster = Endpoint.parse("db1:5432,ro1:5432/orders");
        stage.registry.put("all", Stage.SOURCE.withEndpoint(cluster).withRole(ServerRole.ANY));
        stage.instance("all", "c");

        CutoverResult together = cutover(moved("all", "ro2"), moved("orders", "db2"));

        assertThat(together.outcome()).as(together.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(together.spec().readers()).extracting(GroupMember::name).containsExactly(new DatabaseName("all"));
    }

    /** The standby of a promoted standby, of another cluster, and one that was promoted itself. */
    @ParameterizedTest
    @ValueSource(strings = {"timeline 2", "system identifier is 7", "not in recovery"})
    void aNewServerThatIsNoStandbyOfTheTargetIsRefusedBeforeAnythingIsWritten(String problem) {
        State usual = standby("ro2");
        switch (problem) {
            case "timeline 2" -> standby("ro2", identity("2", 2, "2026-11-02T12:00:01Z"), "0/10");
            case "not in recovery" ->
                stage.servers.standbys.put("ro2", new State(usual.server(), usual.identity(), false, "0/10"));
            default -> standby("ro2", identity("7", 1, "2026-11-02T12:00:01Z"), "0/10");
        }
        CutoverResult result = both();
        assertThat(result.outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(result.state().cause()).contains("'orders-ro': ro2:5432/orders", problem);
        assertOn("db1", "ro1");
    }

    @Test
    void aNewServerThatIsAheadOfTheTargetFollowsACopyOfIt() {
        standby("ro2", identity("2", 1, "2026-11-02T12:00:01Z"), "0/11");
        CutoverResult result = both();
        assertThat(result.outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(result.state().cause()).contains("ro2:5432/orders has replayed 0/11", "a copy of the target");
    }

    @Test
    void theChecksShowHowFarTheNewServerIsBehind() {
        standby("ro2", identity("2", 1, "2026-11-02T12:00:01Z"), "0/C");
        stage.script.on("PREPARE written", () -> standby("ro2", identity("2", 1, "2026-11-02T12:00:01Z"), "0/10"));
        CutoverResult rehearsed = stage.cutovers("alice").start(rehearsal(), stage.observer());
        assertThat(evidence(rehearsed, Step.CHECK))
                .contains("'orders-ro' reads from standbys of 'orders' and goes to ro2:5432/orders, a standby of the"
                        + " target, 4 bytes behind");
        assertOn("db1", "ro1");
    }

    @Test
    void aNewServerThatStopsReplayingInTheHoldUndoesAll() {
        stage.script.on("HOLD written", () -> standby("ro2", identity("2", 1, "2026-11-02T12:00:01Z"), "0/C"));
        CutoverResult result = both();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause())
                .contains("ro2:5432/orders, the target of 'orders-ro', has replayed 0/C and not 0/10 of the target");
        assertOn("db1", "ro1");
    }

    @Test
    void aNewServerThatIsPromotedInTheHoldUndoesAll() {
        State usual = standby("ro2");
        stage.script.on(
                "HOLD written",
                () -> stage.servers.standbys.put(
                        "ro2", new State(usual.server(), identity("2", 2, "2026-11-02T12:00:01Z"), false, "0/20")));
        CutoverResult result = both();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("is not in recovery and not the target");
        assertOn("db1", "ro1");
    }

    /** It could take writes that the fence of its former primary doesn't refuse. */
    @Test
    void anOldServerThatIsPromotedBeforeTheHoldUndoesAll() {
        State usual = standby("ro1");
        stage.script.on(
                "PREPARE written",
                () -> stage.servers.standbys.put(
                        "ro1", new State(usual.server(), identity("1", 4, "2026-11-02T12:00:00Z"), false, "0/20")));
        CutoverResult result = both();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("ro1:5432/orders is not in recovery and not the source");
        assertThat(stage.events()).doesNotContain("raise");
        assertOn("db1", "ro1");
    }

    @Test
    void aTargetThatFailsOverBetweenItsComparisonAndTheSwitchUndoesTheRun() {
        stage.script.fail("still there", () -> {
            if (stage.servers.fenceUp()) {
                throw new ServerException(ServerException.Kind.NOT_SO, "db2 is in recovery (a standby)", null);
            }
        });
        CutoverResult result = both();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("db2 is in recovery");
        assertThat(evidence(result, Step.VERIFY)).contains("the target is writable");
        assertOn("db1", "ro1");
    }

    @ParameterizedTest
    @EnumSource(
            value = Purpose.class,
            names = {"RESUME", "ABORT"})
    void anotherOperatorBringsTheRunToItsEndByTheNameOfTheReader(Purpose purpose) {
        stage.script.crash("prove");
        assertThatThrownBy(this::both).isInstanceOf(Script.Crash.class);
        stage.servers.loseSession();
        stage.script.clear();
        CutoverResult result = stage.takeOver("orders-ro", purpose);
        boolean forward = purpose == Purpose.RESUME;
        assertThat(result.outcome()).as(result.toString()).isEqualTo(forward ? RunOutcome.SWITCHED : RunOutcome.UNDONE);
        assertOn(forward ? "db2" : "db1", forward ? "ro2" : "ro1");
    }

    /** A name that is called a reader is not fenced, so the journal's word is not enough. */
    @Test
    void aJournalThatCallsANameAReaderIsNotBelievedIfItsSettingsAskForAPrimary() {
        forged(ServerRole.PRIMARY);
        assertThatThrownBy(() -> stage.takeOver("orders", Purpose.RESUME))
                .isInstanceOf(OperationException.class)
                .hasMessageContaining("'reports' only reads from standbys of 'orders'")
                .hasMessageContaining("may be forged");
    }

    @Test
    void aJournalThatCallsANameAReaderIsNotBelievedIfItsServerIsNoStandby() {
        forged(ServerRole.ANY);
        CutoverResult result = stage.takeOver("orders", Purpose.RESUME);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("db1:5432/reports is a different database of the cluster");
        assertThat(stage.events()).doesNotContain("raise", "reports raise", "steady db2 written");
    }

    /** A run of two Postgres databases that died in its hold, and in whose journal somebody has made a reader of the second. */
    private void forged(ServerRole role) {
        stage.database("reports", 16_000);
        stage.registry.put(
                "reports",
                Stage.SOURCE.withEndpoint(new Endpoint("db1", 5432, "reports")).withRole(role));
        stage.instance("reports", "c");
        stage.script.crash("HOLD written");
        Moved reports = new Moved(
                new DatabaseName("reports"), settings -> settings.withEndpoint(new Endpoint("db2", 5432, "reports")));
        assertThatThrownBy(() -> cutover(moved("orders", "db2"), reports)).isInstanceOf(Script.Crash.class);
        stage.servers.loseSession();
        stage.script.clear();
        CutoverLock lock = stage.registry.lock(Stage.ORDERS).orElseThrow();
        Map<String, Object> journal = new LinkedHashMap<>(
                stage.registry.journal(Stage.ORDERS, lock.runId()).orElseThrow());
        List<Object> names = new ArrayList<>((List<?>) Objects.requireNonNull(journal.get("names")));
        Map<Object, Object> second = new LinkedHashMap<>((Map<?, ?>) names.get(1));
        second.put("readerOf", "orders");
        names.set(1, second);
        journal.put("names", names);
        journal.put("databases", ((List<?>) Objects.requireNonNull(journal.get("databases"))).subList(0, 1));
        stage.registry.writeJournal(lock, journal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "orders-ro"})
    void anAbortWithoutAJournalFindsOutWhichNamesAreReaders(String by) {
        assertThat(stage.registry.writeLocks(Stream.of("orders", "orders-ro")
                        .map(name -> new CutoverLock(
                                new DatabaseName(name),
                                1,
                                "c-1",
                                true,
                                "t-" + name,
                                "alice",
                                stage.timing.now(),
                                Stage.ORDERS))
                        .toList()))
                .isTrue();
        CutoverResult result = stage.takeOver(by, Purpose.ABORT);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertOn("db1", "ro1");
    }
}
