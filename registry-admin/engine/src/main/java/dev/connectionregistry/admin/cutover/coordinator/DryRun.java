package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.cutover.CutoverObserver;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction;
import dev.connectionregistry.admin.cutover.step.StepActions;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;

/** The steps of a run that change nothing. */
final class DryRun {
    private static final List<Step> LOOKING = List.of(Step.TAKE_SERVER_LOCK, Step.CHECK);

    private final CutoverRun run;
    private final StepActions steps;
    private final CutoverObserver observer;

    DryRun(CutoverRun run, StepActions steps, CutoverObserver observer) {
        this.run = run;
        this.steps = steps;
        this.observer = observer;
    }

    /** What the journal would say before the first write. */
    RunRecord look() {
        LOOKING.forEach(step -> perform(steps.of(step)));
        return run.journal().record();
    }

    private void perform(StepAction step) {
        observer.begun(step.title());
        try {
            step.work().run(run, step.usual());
        } catch (StepFailure e) {
            throw refused(step, e);
        } catch (ServerException e) {
            throw refused(step, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(step, e);
        }
    }

    private static OperationException refused(StepAction step, StepFailure e) {
        return e.isStopped()
                ? new OperationException(Reason.INTERRUPTED, e.getMessage() + "; nothing was written", "")
                : refused(step, (Exception) e);
    }

    private static OperationException refused(StepAction step, Exception e) {
        return new OperationException(
                Reason.FAILED,
                "the cutover would be refused (" + step.title() + "): " + e.getMessage(),
                "fix that, then check again with --dry-run",
                e);
    }
}
