package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.ScriptedRegistry;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.decision.Outcome;
import dev.connectionregistry.admin.cutover.decision.Purpose;
import dev.connectionregistry.admin.operation.CommandText;
import dev.connectionregistry.admin.operation.OperationException;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A coordinator dies at each step, and another one takes its run over. */
class TakeOverTest {
    private final Stage stage = new Stage();

    private void dieAt(String event) {
        stage.instance("a");
        stage.script.crash(event);
        assertThatThrownBy(() -> stage.cutover(Stage.options("back", "public.orders")))
                .isInstanceOf(Script.Crash.class);
        stage.script.clear();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open session",
                "plan",
                "poll 100ms (normally 30s)",
                "poll 100ms (normally 30s) written",
                "PREPARE",
                "PREPARE written",
                "HOLD",
                "HOLD written",
                "raise",
                "prove",
                "barrier",
                "sequences",
                "reverse slot",
                "steady db2"
            })
    void abortBringsEverythingBackWhereverItDied(String event) {
        dieAt(event);

        CutoverResult result = stage.takeOver(Purpose.ABORT);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.UNDONE);
        assertThat(stage.host()).isEqualTo("db1");
        assertThat(stage.current().transition()).isEmpty();
        assertThat(stage.current().settings().polling().isTemporary()).isFalse();
        assertThat(stage.servers.fenceUp()).isFalse();
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open session",
                "plan",
                "poll 100ms (normally 30s) written",
                "PREPARE",
                "PREPARE written",
                "HOLD written",
                "raise",
                "sequences",
                "steady db2",
                "steady db2 written",
                "poll 30s"
            })
    void resumeEndsOnTheNewServerWhereverItDied(String event) {
        dieAt(event);

        CutoverResult result = stage.takeOver(Purpose.RESUME);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.SWITCHED);
        assertThat(stage.host()).isEqualTo("db2");
        assertThat(stage.current().transition()).isEmpty();
        assertThat(stage.current().settings().polling().isTemporary()).isFalse();
        assertThat(stage.servers.fenceUp()).isTrue();
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
    }

    @Test
    void resumesFromAHoldWithAHoldOfItsOwnAndAllThatFollows() {
        dieAt("barrier");
        CutoverResult result = stage.takeOver(Purpose.RESUME);
        assertThat(new Ending(result, new CommandText(() -> "registry-admin")).headline())
                .endsWith(" ms since the run was resumed");
        assertThat(stage.events())
                .startsWith("lock", "take over session", "HOLD", "raise", "prove", "barrier", "sequences");
        assertThat(stage.servers.logins).anyMatch(login -> login.username().equals("boss"));
    }

    @Test
    void abortComesTooLateAfterTheSwitchAndLeavesNothingShortened() {
        dieAt("steady db2 written");
        CutoverResult result = stage.takeOver(Purpose.ABORT);
        assertThat(result.outcome()).isEqualTo(Outcome.TOO_LATE);
        assertThat(stage.host()).isEqualTo("db2");
        assertThat(stage.servers.fenceUp()).isTrue();
        assertThat(stage.current().settings().polling().isTemporary()).isFalse();
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
        assertThat(next(result)).contains("status orders --watch").doesNotContain("set-interval");
    }

    @ParameterizedTest
    @CsvSource({"poll 30s, set-interval orders 30s", "unlock, cutover resume orders"})
    void abortAfterTheSwitchNamesWhatItCouldNotTidyUp(String event, String command) {
        dieAt("steady db2 written");
        stage.script.fail(event, () -> {
            throw ScriptedRegistry.unreachable();
        });
        CutoverResult result = stage.takeOver(Purpose.ABORT);
        assertThat(result.outcome()).isEqualTo(Outcome.TOO_LATE);
        assertThat(next(result)).contains(command).doesNotContain("cutover abort");
    }

    private static String next(CutoverResult result) {
        return new Ending(result, new CommandText(() -> "registry-admin"))
                .problem()
                .orElseThrow()
                .next();
    }

    @ParameterizedTest
    @CsvSource({"RESUME", "ABORT"})
    void keepsOffWhatSomebodyElsePutThere(Purpose purpose) {
        dieAt("HOLD");
        stage.registry.put(
                "orders",
                stage.current()
                        .settings()
                        .withEndpoint(dev.connectionregistry.settings.Endpoint.parse("db3:1/orders")));
        assertThat(stage.takeOver(purpose).outcome()).isEqualTo(Outcome.FOREIGN);
        assertThat(stage.host()).isEqualTo("db3");
    }

    @Test
    void abortGivesBackALockWhoseRunNeverWroteAJournal() {
        stage.registry.writeLock(new CutoverLock(Stage.ORDERS, 1, "c-1", true, "t", "alice", stage.timing.now()));
        assertThatThrownBy(() -> stage.takeOver(Purpose.RESUME))
                .isInstanceOf(OperationException.class)
                .hasMessageContaining("has no journal");
        assertThat(stage.takeOver(Purpose.ABORT).outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
        assertThat(stage.current().version()).isEqualTo(1);
    }

    /** The way that docs/cutover.md describes for a journal that can't be read: it is taken away, then comes abort. */
    @ParameterizedTest
    @ValueSource(strings = {"PREPARE", "HOLD"})
    void abortWithdrawsAPhaseWhoseJournalWasTakenAway(String phase) {
        stage.registry.writeLock(new CutoverLock(Stage.ORDERS, 1, "c-1", true, "t", "alice", stage.timing.now()));
        ConnectionSettings target = stage.current().settings().withEndpoint(Endpoint.parse("db2:5432/orders"));
        stage.registry.write(stage.current()
                .nextIn(
                        new Transition("c-1", Transition.Phase.valueOf(phase), target, Duration.ofSeconds(5)),
                        stage.current().change()));
        assertThat(stage.takeOver(Purpose.ABORT).outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(stage.host()).isEqualTo("db1");
        assertThat(stage.current().transition()).isEmpty();
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
    }

    @Test
    void namesTheWayOutWhereTheJournalCannotBeRead() {
        dieAt("HOLD written");
        CutoverLock dead = stage.registry.lock(Stage.ORDERS).orElseThrow();
        Map<String, Object> newer = new LinkedHashMap<>(
                stage.registry.journal(Stage.ORDERS, dead.runId()).orElseThrow());
        newer.put("act", "SOMETHING_NEW");
        stage.registry.writeJournal(dead, newer);
        assertThatThrownBy(() -> stage.takeOver(Purpose.ABORT))
                .isInstanceOfSatisfying(OperationException.class, problem -> {
                    assertThat(problem.next())
                            .contains("the release of registry-admin that began the run")
                            .contains("'A journal that can't be read' in docs/cutover.md");
                    assertThat(problem).hasMessageContaining("SOMETHING_NEW");
                });
    }

    @ParameterizedTest
    @CsvSource({"RESUME, SWITCHED", "ABORT, UNDONE"})
    void knowsOfAFenceThatWasPlannedAfterTheRunWasFound(Purpose purpose, Outcome outcome) {
        dieAt("raise");
        CutoverLock dead = stage.registry.lock(Stage.ORDERS).orElseThrow();
        Map<String, Object> last =
                stage.registry.journal(Stage.ORDERS, dead.runId()).orElseThrow();
        Map<String, Object> before = new LinkedHashMap<>(last);
        before.remove("fence");
        stage.registry.writeJournal(dead, before);
        stage.script.on("lock", () -> stage.registry.writeJournal(dead, last));

        assertThat(stage.takeOver(purpose).outcome()).isEqualTo(outcome);

        assertThat(stage.servers.fenceUp()).isEqualTo(outcome == Outcome.SWITCHED);
        assertThat(stage.registry.journal(Stage.ORDERS, dead.runId()).orElseThrow())
                .containsKey("fence");
    }

    @ParameterizedTest
    @CsvSource({"RESUME", "ABORT"})
    void claimsNothingOfARunWhoseLockIsOutOfReach(Purpose purpose) {
        dieAt("steady db2 written");
        stage.script.fail("lock", () -> {
            throw ScriptedRegistry.unreachable();
        });
        CutoverResult result = stage.takeOver(purpose);
        assertThat(result.outcome()).isEqualTo(Outcome.STUCK);
        Ending ending = new Ending(result, new CommandText(() -> "registry-admin"));
        assertThat(ending.fence()).contains("may be up");
        assertThat(ending.callers()).contains("if the switch is done");
    }

    @Test
    void putsTheIntervalBackWhereAResumedRunFailsItsChecks() {
        dieAt("PREPARE");
        stage.servers.freshDigest = "another";
        assertThat(stage.takeOver(Purpose.RESUME).outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(stage.current().settings().polling().isTemporary()).isFalse();
    }

    @Test
    void doesNotResumeOverSettingsThatSomebodyChangedMeanwhile() {
        dieAt("PREPARE");
        VersionedSettings current = stage.current();
        stage.registry.put("orders", current.settings().withCredentials("other", SecretRef.parse("env:OTHER")));
        CutoverResult result = stage.takeOver(Purpose.RESUME);
        assertThat(result.outcome()).isEqualTo(Outcome.STUCK);
        assertThat(result.state().cause()).contains("cutover abort orders");
        assertThat(stage.takeOver(Purpose.ABORT).outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(stage.current().settings().username()).isEqualTo("other");
    }

    @Test
    void saysThatNothingIsOpen() {
        assertThatThrownBy(() -> stage.takeOver(Purpose.ABORT))
                .isInstanceOf(OperationException.class)
                .hasMessageContaining("no cutover of 'orders' is open");
    }

    @Test
    void resumesNoRehearsal() {
        stage.instance("a");
        stage.script.crash("HOLD");
        assertThatThrownBy(() -> stage.rehearsal(Stage.options())).isInstanceOf(Script.Crash.class);
        stage.script.clear();
        assertThatThrownBy(() -> stage.takeOver(Purpose.RESUME)).hasMessageContaining("is a rehearsal");
        assertThat(stage.takeOver(Purpose.ABORT).outcome()).isEqualTo(Outcome.UNDONE);
    }
}
