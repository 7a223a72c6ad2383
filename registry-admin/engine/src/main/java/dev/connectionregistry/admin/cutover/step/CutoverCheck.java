package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;

/**
 * One thing that is looked at before anything is changed. Changes nothing itself.
 *
 * @param name for people: {@code the two schemas are equal}
 * @param work looks at it
 */
public record CutoverCheck(String name, Work work) {
    /** Looks at something. */
    @FunctionalInterface
    public interface Work {
        /**
         * Looks at it within {@code bound}; may warn the operator through the run.
         *
         * @throws StepFailure saying what is wrong and what helps
         * @throws ServerException if a server could not be asked, or isn't as it must be
         */
        void look(CutoverRun run, Duration bound) throws StepFailure, ServerException;
    }
}
