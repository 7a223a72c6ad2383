package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectionregistry.admin.cli.cutover.CutoverDocuments;
import dev.connectionregistry.admin.cli.cutover.CutoverText;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.server.ServerException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator reads at the end of a run that didn't switch. */
class RunSummaryTest {
    private final Stage stage = new Stage();

    @BeforeEach
    void oneInstance() {
        stage.instance("a");
    }

    @Test
    void aRunThatTheOperatorStoppedHasNothingToMend() {
        stage.script.on("PREPARE written", stage.timing::stop);
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        OperationException problem = problem(result);
        assertThat(problem.next()).isEqualTo("nothing needs fixing; run the command again when you want to move");
        assertThat(problem.getMessage()).contains("\nstopped: ").doesNotContain("failed");
    }

    @Test
    void aRunThatFailedSaysWhatToDoBeforeTheNextOne() {
        stage.script.fail("barrier", () -> {
            throw new ServerException(ServerException.Kind.TIMED_OUT, "12 bytes behind", null);
        });
        OperationException problem = problem(stage.cutover());
        assertThat(problem.next()).startsWith("fix what failed, check with --dry-run");
        assertThat(problem.getMessage()).contains("\nfailed: wait until the target has everything: 12 bytes behind");
    }

    @Test
    void aDryRunThatTheOperatorStoppedIsNotRefused() {
        stage.timing.stop();
        OperationException stopped =
                catchThrowableOfType(OperationException.class, () -> stage.dryRun(Stage.options()));
        assertThat(stopped.reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(stopped).hasMessage("stopped by the operator; nothing was written");
        assertThat(stopped.next()).isEmpty();
    }

    @Test
    void aSwitchWithASlotForTheWayBackIsFollowedByTheCommandThatReadsIt() {
        CutoverResult result = stage.cutover(Stage.options("registry_orders", "orders"));
        String next = "registry-admin replication reverse orders --target db1:5432/orders";
        assertThat(summary(result).wayBack())
                .singleElement()
                .asString()
                .startsWith(next + " --admin-username boss --admin-password-ref env:BOSS_PW");
        assertThat(CutoverText.result(result, summary(result), false))
                .last()
                .asString()
                .startsWith("next: " + next);
        assertThat(CutoverDocuments.result(result, summary(result)))
                .containsEntry("next", summary(result).wayBack().get(0));
    }

    @Test
    void theCommandNamesASlotOfAnotherName() {
        CutoverResult result = stage.cutover(Stage.options("back", "orders"));
        assertThat(summary(result).wayBack())
                .singleElement()
                .asString()
                .startsWith("registry-admin replication reverse orders --target db1:5432/orders --reverse-slot back ");
    }

    @Test
    void aRehearsalAndASwitchWithoutASlotHaveNoWayBackToMake() {
        assertThat(summary(stage.rehearsal(Stage.options("back", "orders"))).wayBack())
                .isEmpty();
        CutoverResult result = stage.cutover();
        assertThat(summary(result).wayBack()).isEmpty();
        assertThat(CutoverText.result(result, summary(result), false))
                .satisfiesExactly(
                        now -> assertThat(now).contains("fence"),
                        note -> assertThat(note)
                                .startsWith("note: no slot for the way back was made")
                                .contains("would lose what is written on db2:5432/orders"),
                        headline -> assertThat(headline).contains("switched orders"));
    }

    @Test
    void aSourceThatOnlyASuperuserSubscribesOnIsSaidWithTheCommand() {
        CutoverResult result = stage.cutover(Stage.options("registry_orders", "orders"));
        assertThat(summary(result).wayBackWants().orElseThrow())
                .contains("on Postgres 11", "--target-admin-username SUPERUSER --target-admin-password-ref REF");
        assertThat(CutoverText.result(result, summary(result), false))
                .last()
                .asString()
                .contains("--target-admin-username SUPERUSER");
    }

    private static RunSummary summary(CutoverResult result) {
        return new RunSummary(result, new CommandText(() -> "registry-admin"));
    }

    private static OperationException problem(CutoverResult result) {
        return summary(result).problem().orElseThrow();
    }
}
