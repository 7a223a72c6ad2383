package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import java.util.Optional;

/** Everyone could reach the target when it was last tried: only the instances themselves can tell. */
final class RehearsedCheck implements FleetCheck {
    @Override
    public About about() {
        return new About(
                "rehearsed",
                Group.FLEET,
                "Only a rehearsal shows that every instance reaches the target and how long callers wait.");
    }

    @Override
    public Finding judge(FleetView view) {
        Optional<RunRecord> last = view.runs().stream()
                .filter(run -> run.outcome().isPresent())
                .filter(run -> sameTarget(run, view))
                .findFirst();
        if (last.isEmpty()) {
            return Finding.notYet(
                    "no cutover from " + view.pair().sourceSettings().endpoint() + " to "
                            + view.pair().targetSettings().endpoint() + " was tried yet",
                    Remedy.command(view.rehearse()));
        }
        RunRecord run = last.get();
        String what = (run.spec().rehearsal() ? "the rehearsal " : "the cutover ")
                + run.spec().id() + " of " + run.spec().startedAt();
        return reached(run)
                ? Finding.pass(what + " had every instance ready on the target")
                : Finding.fail(
                        what + " ended before every instance was ready on the target: " + run.cause(),
                        Remedy.advice("put that right, then rehearse again"),
                        Remedy.command(view.rehearse()));
    }

    private static boolean sameTarget(RunRecord run, FleetView view) {
        return run.spec()
                        .source()
                        .endpoint()
                        .equals(view.pair().sourceSettings().endpoint())
                && run.spec()
                        .target()
                        .endpoint()
                        .equals(view.pair().targetSettings().endpoint())
                && run.spec()
                        .target()
                        .username()
                        .equals(view.pair().targetSettings().username());
    }

    private static boolean reached(RunRecord run) {
        return run.steps().stream()
                .anyMatch(step -> step.step() == Step.AWAIT_READY && step.kind() == StepResult.Kind.DONE);
    }
}
