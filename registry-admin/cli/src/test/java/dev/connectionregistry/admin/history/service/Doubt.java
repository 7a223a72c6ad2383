package dev.connectionregistry.admin.history.service;

import dev.connectionregistry.admin.history.check.Outcome;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * How an operation ended that threw: for certain, or in doubt. In doubt is only what threw while a commit was on its way and
 * because the connection was lost; a server that answers with a refusal has not committed. Pure.
 */
final class Doubt {
    private Doubt() {}

    /**
     * Judges.
     *
     * @param committing whether the statement that threw would have committed: a commit, or a write by itself
     */
    static Outcome of(Throwable thrown, boolean committing) {
        if (!committing) {
            return Outcome.FAILED;
        }
        return thrown instanceof SQLException sql && isAnswer(sql.getSQLState()) ? Outcome.FAILED : Outcome.UNKNOWN;
    }

    /** Connection lost, server shutting down and internal errors are no answer. */
    private static boolean isAnswer(@Nullable String state) {
        return state != null && !state.startsWith("08") && !state.startsWith("57P") && !state.startsWith("XX");
    }
}
