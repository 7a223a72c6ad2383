package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.decision.Purpose;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.settings.DatabaseName;
import java.util.Optional;

/**
 * Somebody takes a run over. What is executed, and who logs in as the administrator, comes from here and never from the journal.
 *
 * @param database whose fleet
 * @param runId which run; empty for the one that has the lock
 * @param purpose {@link Purpose#RESUME} or {@link Purpose#ABORT}
 * @param sourceAdmin who works on the source; {@link AdminLogin#SAME} for the services' own role
 * @param targetAdmin who works on the target
 * @param repeated the options of the run's beginning that must be given again
 * @param servers what the operator says about the run's servers
 */
public record TakeOverRequest(
        DatabaseName database,
        Optional<String> runId,
        Purpose purpose,
        AdminLogin sourceAdmin,
        AdminLogin targetAdmin,
        RepeatedOptions repeated,
        Servers servers) {

    /**
     * What the operator says about the run's servers. Needed only for one that neither the settings nor their history have.
     *
     * @param source {@code HOST:PORT[/NAME]} of the server that is left; empty if it wasn't given
     * @param target {@code HOST:PORT[/NAME]} of the one that is gone to; empty if it wasn't given
     * @param question asks the operator; says no where nobody can be asked
     */
    public record Servers(Optional<String> source, Optional<String> target, Question question) {
        /** Nothing was given, and nobody can be asked. */
        public static final Servers UNSAID = new Servers(Optional.empty(), Optional.empty(), text -> false);
    }

    /** Asks the operator. */
    @FunctionalInterface
    public interface Question {
        /** Whether the answer is yes. */
        boolean confirm(String text);
    }
}
