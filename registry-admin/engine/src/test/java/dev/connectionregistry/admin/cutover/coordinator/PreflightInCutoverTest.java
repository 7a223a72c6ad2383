package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.FakeInstance;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.cutover.BarrierChoice;
import dev.connectionregistry.admin.cutover.CutoverObserver;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.CutoverRequest;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher.FleetObserver;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What preflight finds, before a cutover. */
class PreflightInCutoverTest {
    private static final CutoverObserver NOBODY = new CutoverObserver() {
        @Override
        public void begun(String title) {}

        @Override
        public void ended(String title, StepRecord step) {}

        @Override
        public void warning(String text) {}

        @Override
        public void fleet(FleetSnapshot fleet, FleetObserver.WaitStatus wait) {}
    };

    private final Stage stage = new Stage();

    private void grantIsMissing() {
        stage.checks.with(
                "service-grants",
                Group.RIGHTS,
                () -> Finding.fail("role app lacks DELETE", Remedy.onTarget("GRANT DELETE ON TABLE t TO app;")));
    }

    private CutoverRequest request(RunOptions options, String... skipped) {
        CutoverRequest usual = Stage.request(options, false);
        return new CutoverRequest(
                usual.names(), usual.rehearsal(), usual.reason(), usual.ifVersion(), Set.of(skipped), usual.options());
    }

    @Test
    void refusesWithTheRemedyWhenSomethingFails() {
        stage.instance("a");
        stage.registry.put("users", stage.current().settings().withEndpoint(Endpoint.parse("db1:5432/users")));
        new FakeInstance(stage.registry, stage.timing, "users", "u").poll();
        grantIsMissing();
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(result.state().cause())
                .contains("preflight service-grants: role app lacks DELETE\n  on the target: GRANT DELETE ON TABLE t");
        assertThat(stage.host()).isEqualTo("db1");
        assertThat(stage.checks.open).isZero();
        assertThat(stage.checks.subjects.get(0).fleetSessions()).containsExactly("checkout/a");
        assertThat(stage.checks.subjects.get(0).registrySessions())
                .containsExactlyInAnyOrder("checkout/a", "checkout/u");
    }

    @Test
    void goesOnWhenTheOperatorLeavesTheCheckOutAndSaysSo() {
        stage.instance("a");
        grantIsMissing();
        CutoverResult result = stage.cutovers("alice").start(request(Stage.options(), "service-grants"), NOBODY);
        assertThat(result.outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(result.warnings()).contains("preflight: left out by --skip-check: service-grants");
    }

    @Test
    void saysBeforeAnythingElseThatThereIsNoSuchCheck() {
        assertThatThrownBy(() -> stage.cutovers("alice").start(request(Stage.options(), "nonsense"), NOBODY))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("there is no check 'nonsense'");
        assertThat(stage.registry.lock(Stage.ORDERS)).isEmpty();
    }

    @Test
    void refusesToLeaveOutWhatTheRunItselfDependsOn() {
        stage.checks.withLeftToCutover("schema", Group.SCHEMA, () -> Finding.pass("the same"));
        assertThatThrownBy(() -> stage.cutovers("alice").start(request(Stage.options(), "schema"), NOBODY))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("--skip-check schema is for preflight only");
    }

    @Test
    void tellsOnlyThatNobodyIsLetInWhereThatIsTheCause() {
        stage.instance("a");
        stage.checks.with("target-login", Group.SERVERS, () -> Finding.unknown("no route to db2"));
        grantIsMissing();
        assertThat(stage.cutover().state().cause()).contains("no route to db2").doesNotContain("service-grants");
    }

    @Test
    void showsItInADryRunToo() {
        stage.instance("a");
        grantIsMissing();
        assertThatThrownBy(() -> stage.cutovers("alice").dryRun(request(Stage.options()), NOBODY))
                .isInstanceOf(OperationException.class)
                .hasMessageContaining("preflight service-grants");
    }

    @Test
    void tellsAFewWarningsInALineEachAndWhereTheRestIs() {
        stage.instance("a");
        IntStream.range(0, 8)
                .forEach(i ->
                        stage.checks.with("odd-" + (char) ('a' + i), Group.DATA, () -> Finding.warn("x".repeat(500))));
        assertThat(stage.cutover().outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.warnings).hasSize(6).allMatch(warning -> warning.length() <= 200);
        assertThat(stage.warnings.get(5))
                .isEqualTo("preflight: and 3 more warnings; see all of them with registry-admin preflight orders"
                        + " --target db2:5432/orders");
    }

    @Test
    void leavesToTheRunWhatTheRunLooksAtItself() {
        stage.instance("a");
        stage.checks
                .withLeftToCutover("schema", Group.SCHEMA, () -> Finding.fail("told twice"))
                .with("wal-level", Group.REPLICATION, () -> Finding.pass("logical"));
        assertThat(stage.cutover().outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.checks.made).containsExactly("wal-level");
    }

    @Test
    void asksNothingOfLogicalReplicationWhereRowsComeAnotherWay() {
        stage.instance("a");
        stage.checks.with("wal-level", Group.REPLICATION, () -> Finding.fail("wal_level is replica"));
        assertThat(stage.cutover(Stage.options().with(BarrierChoice.NONE)).outcome())
                .isEqualTo(RunOutcome.SWITCHED);
    }

    @Test
    void isNotMadeAgainByWhoeverTakesOver() {
        stage.instance("a");
        grantIsMissing();
        stage.checks.made.clear();
        stage.script.crash("raise");
        assertThatThrownBy(() -> stage.cutovers("alice").start(request(Stage.options(), "service-grants"), NOBODY))
                .isInstanceOf(Script.Crash.class);
        stage.script.clear();
        assertThat(stage.takeOver(Purpose.RESUME).outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.checks.made).isEmpty();
    }
}
