package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.FakeParticipant;
import dev.connectionregistry.admin.cutover.SourceServer.ClientSession;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.PostgresIdentity.ServerRun;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run does about instances that don't do as they should. */
class FleetInCutoverTest {
    private final Stage stage = new Stage();

    @Test
    void refusesWhileSomebodyIsSilentUnlessToldToGoWithoutThem() {
        stage.instance("a");
        stage.instance("b").freeze();
        stage.timing.rest(Duration.ofSeconds(100));

        CutoverResult refused = stage.cutover();
        assertThat(refused.outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(refused.state().cause()).contains("checkout/b silent", "--without checkout/b");

        assertThat(stage.cutover(Stage.options().without(Set.of("b"))).outcome())
                .isEqualTo(RunOutcome.SWITCHED);
    }

    @Test
    void refusesWhileAPlainMemberIsAliveUnlessItIsLeftOut() {
        stage.instance("a");
        stage.instance("reactive").protocol(InstanceReport.PLAIN_PROTOCOL).tick();

        CutoverResult refused = stage.cutover();
        assertThat(refused.outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(refused.state().cause())
                .contains("checkout/reactive is a plain member", "--without checkout/reactive");

        assertThat(stage.cutover(Stage.options().without(Set.of("reactive"))).outcome())
                .isEqualTo(RunOutcome.SWITCHED);
    }

    @Test
    void undoesAtOnceWhenAPlainMemberAppearsMeanwhile() {
        stage.instance("a");
        stage.script.on("PREPARE", () -> stage.instance("reactive")
                .protocol(InstanceReport.PLAIN_PROTOCOL)
                .tick());
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause())
                .contains("checkout/reactive is a plain member", "--without checkout/reactive");
        assertThat(stage.events()).doesNotContain("HOLD");
    }

    @Test
    void undoesWhenSomebodyFallsSilentMeanwhile() {
        stage.instance("a");
        FakeParticipant b = stage.instance("b");
        stage.script.on("PREPARE", () -> {
            b.freeze();
            stage.timing.rest(Duration.ofSeconds(100));
        });
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("checkout/b silent");
        assertThat(stage.events()).doesNotContain("HOLD");
    }

    /** By the rule of three heartbeats it counts as live for a minute and a half, longer than the time-out. */
    @Test
    void tellsSoonWhoStoppedReadingWhenItWasLastHeardAndHowToGoWithoutIt() {
        stage.instance("a");
        FakeParticipant b = stage.instance("b");
        stage.script.on("PREPARE", b::freeze);
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.warnings)
                .filteredOn(text -> text.contains("has not read version"))
                .singleElement()
                .asString()
                .matches(
                        "checkout/b has not read version 3 within 5[.]\\d+s and was last heard of [5-7][.]\\d+s ago: it"
                                + " hangs, or is gone; .*--without checkout/b");
        assertThat(result.state().cause())
                .containsPattern("checkout/b is ACTIVE, has read version 2, .*last heard of 1m ago .overdue")
                .contains("leave it out with --without checkout/b");
    }

    @Test
    void anInstancesNameIsOneWordOfTheCommandThatIsPrintedWithIt() {
        stage.instance("a");
        stage.instance("b; rm -rf $HOME").freeze();
        stage.timing.rest(Duration.ofSeconds(100));
        assertThat(stage.cutover().state().cause()).contains("--without 'checkout/b; rm -rf $HOME'");
    }

    @Test
    void knowsWhomToGoWithout() {
        stage.instance("a");
        assertThatThrownBy(() -> stage.cutover(Stage.options().without(Set.of("nobody"))))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("no instance of the fleet has that name")
                .hasMessageContaining("checkout/a");
    }

    @Test
    void givesUpOnATargetThatNobodyCanUse() {
        stage.instance("a").rejecting();
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause())
                .contains("the target can't be used", "checkout/a", "password refused by the test");
        assertThat(stage.timing.elapsed().toNanos())
                .as("long before the timeout")
                .isLessThan(Duration.ofSeconds(50).toNanos());
    }

    @Test
    void namesStragglersAndGivesUpAtTheGrace() {
        FakeParticipant a = stage.instance("a").busy(true);
        stage.servers.sessions.add(
                new ClientSession(4711, "app", "checkout/a", "idle in transaction", Duration.ofSeconds(30)));
        stage.servers.sessions.add(new ClientSession(4712, "app", "checkout/a", "idle", Duration.ZERO));
        stage.script.on("steady db1", () -> a.busy(false));

        CutoverResult result = stage.cutover();

        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause())
                .contains("grace of 2s500ms", "checkout/a is HOLDING", "pid 4711 of checkout/a as app")
                .contains("transaction open for 30.0s", "--cancel-stragglers")
                .doesNotContain("4712");
        assertThat(stage.events()).doesNotContain("raise");
    }

    @Test
    void leavesOutAnInstanceThatHangsInTheHoldAndHasNoTransactionToEnd() {
        stage.instance("a");
        FakeParticipant b = stage.instance("b");
        stage.script.on("HOLD", b::freeze);
        stage.servers.sessions.add(new ClientSession(4713, "cron", "pg_dump", "active", Duration.ofHours(1)));

        CutoverResult result = stage.cutover();

        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause())
                .contains("grace of 2s500ms", "checkout/b is READY", "none of their transactions is open on the source")
                .contains("but there are others: pid 4713 of pg_dump")
                .contains("leave it out with --without checkout/b")
                .doesNotContain("--cancel-stragglers");
    }

    @Test
    void saysThatAConnectionOutsideATransactionHasToBeReturned() {
        FakeParticipant a = stage.instance("a").busy(true);
        stage.script.on("steady db1", () -> a.busy(false));

        CutoverResult result = stage.cutover();

        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause())
                .contains("checkout/a is HOLDING", "a connection is in use without a transaction")
                .doesNotContain("--cancel-stragglers", "--without");
    }

    @Test
    void endsTransactionsOfTheFleetIfToldTo() {
        FakeParticipant a = stage.instance("a").busy(true);
        stage.servers.sessions.add(new ClientSession(4711, "app", "checkout/a", "active", Duration.ofSeconds(30)));
        stage.servers.sessions.add(new ClientSession(4713, "cron", "pg_dump", "active", Duration.ofHours(1)));
        stage.script.on("end [4711]", () -> a.busy(false));

        CutoverResult result = stage.cutover(Stage.cancelling());

        assertThat(result.outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.events()).contains("end [4711]");
        assertThat(stage.warnings).anyMatch(text -> text.contains("pid 4711"));
    }

    @Test
    void saysSoWhereNotEveryoneIsSeenAfterTheSwitch() {
        FakeParticipant a = stage.instance("a");
        stage.script.on("steady db2", a::freeze);
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.SWITCHED_NOT_ALL_SEEN);
        assertThat(stage.host()).isEqualTo("db2");
        assertThat(stage.current().settings().polling().isTemporary()).isFalse();
    }

    @Test
    void movesADatabaseThatNobodyUses() {
        assertThat(stage.cutover().outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.warnings).anyMatch(text -> text.contains("no instance uses 'orders'"));
    }

    @Test
    void refusesAServerThatIsTheSameOrTooOldOrOtherwiseNotIt() {
        stage.servers.targetIdentity = new PostgresIdentity("1", "orders", 11, "11.22");
        assertThat(stage.cutover().state().cause()).contains("are the same database 'orders'");
        stage.servers.targetIdentity = new PostgresIdentity("2", "orders", 9, "9.6.24");
        assertThat(stage.cutover().state().cause()).contains("to 9.6.24; at least 10 is needed");
    }

    @Test
    void comparesRowsInTheHold() {
        stage.instance("a");
        stage.servers.targetRows = 2;
        CutoverResult result = stage.cutover(Stage.options("back", "public.orders"));
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("public.orders has 3 rows on the source and 2 on the target");
    }

    /** A promoted standby has the same number and may lack rows; a server that was started again has lost our sessions. */
    @ParameterizedTest
    @CsvSource({"2, 2026-11-01T12:00:00.000001Z", "1, 2026-11-01T13:00:00.000001Z"})
    void undoesIfTheTargetIsNoLongerTheServerThatWasChecked(int timeline, String startedAt) {
        stage.instance("a");
        stage.servers.targetIdentity = target(1, "2026-11-01T12:00:00.000001Z");
        stage.script.on("HOLD", () -> stage.servers.targetIdentity = target(timeline, startedAt));
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause())
                .contains(
                        "the target is not the one that was checked: it was Postgres 17.11 2/orders, timeline 1,",
                        "now it is Postgres 17.11 2/orders, timeline " + timeline + ", started at " + startedAt);
    }

    private static PostgresIdentity target(int timeline, String startedAt) {
        return new PostgresIdentity("2", "orders", 17, "17.11", Optional.of(new ServerRun(timeline, startedAt)));
    }
}
