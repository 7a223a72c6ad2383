package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult.SettingsState;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One step of a cutover, or of its undo. Safe to repeat.
 *
 * @param step the step
 * @param title what it does, for people: {@code put the fence up}
 * @param usual how long it may take while no caller waits; in the hold it may take what is left of the budget
 * @param work does it
 */
public record StepAction(Step step, String title, Duration usual, Work work) {
    @FunctionalInterface
    public interface Work {
        /**
         * Executes the step, within {@code bound} and about a second.
         *
         * @return what was seen, for the journal and the operator
         * @throws StepFailure if it could not be done
         * @throws ServerException if a server could not be reached, refused, or isn't in the state that it must be in
         * @throws InterruptedException if the thread was interrupted meanwhile
         */
        Evidence run(CutoverRun run, Duration bound) throws StepFailure, ServerException, InterruptedException;
    }

    /** Does {@code work} for all Postgres databases in parallel, and gives up when it fails for one. */
    static Work eachDatabase(DatabaseWork work) {
        return (run, bound) -> Evidence.of(run.perDatabase(
                run.eachDatabase(database -> work.run(database, bound).text())));
    }

    /** The same, but if it fails for one, it is still done for the others. */
    static Work everyDatabase(DatabaseWork work) {
        return (run, bound) -> Evidence.of(run.perDatabase(
                run.everyDatabase(database -> work.run(database, bound).text())));
    }

    /**
     * Steps that each Postgres database does one after the other, without waiting for the other databases: a step is done when it is done
     * for all of them. Until then some may be in later ones; when one fails, all are given up, whichever step each is in.
     */
    static List<StepAction> inTurn(List<DatabaseStep> steps) {
        List<DatabaseRun.Work<String>> pieces =
                steps.stream().<DatabaseRun.Work<String>>map(each -> each::on).toList();
        return IntStream.range(0, steps.size())
                .mapToObj(index -> {
                    DatabaseStep step = steps.get(index);
                    return new StepAction(
                            step.step(),
                            step.title(),
                            step.usual(),
                            (run, bound) -> Evidence.of(run.perDatabase(run.inTurn(pieces, index))));
                })
                .toList();
    }

    /** A step for one Postgres database; as {@link StepAction}. */
    record DatabaseStep(Step step, String title, Duration usual, DatabaseWork work) {
        private String on(DatabaseRun run) throws StepFailure, ServerException, InterruptedException {
            return work.run(run, run.within(usual)).text();
        }
    }

    /** As {@link Work}, for one Postgres database. */
    @FunctionalInterface
    interface DatabaseWork {
        Evidence run(DatabaseRun run, Duration bound) throws StepFailure, ServerException, InterruptedException;
    }

    /**
     * What a finished step has seen.
     *
     * @param text for people; no secret
     * @param found what a look at the settings showed; empty for every other step
     */
    public record Evidence(String text, Optional<SettingsState> found) {
        /** The evidence of any step except a look. */
        public static Evidence of(String text) {
            return new Evidence(text, Optional.empty());
        }
    }
}
