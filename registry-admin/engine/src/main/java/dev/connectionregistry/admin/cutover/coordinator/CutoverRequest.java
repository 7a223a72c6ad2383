package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A new cutover.
 *
 * @param database whose fleet moves
 * @param target makes the target's settings of the present ones
 * @param rehearsal whether to go back after the hold
 * @param reason why, for the history; may be empty
 * @param ifVersion only if this is the current version
 * @param skippedChecks names of preflight's checks that aren't made
 * @param options what the operator chose; instances in {@code without} may be named by their id alone
 */
public record CutoverRequest(
        DatabaseName database,
        UnaryOperator<ConnectionSettings> target,
        boolean rehearsal,
        String reason,
        Optional<Long> ifVersion,
        Set<String> skippedChecks,
        RunOptions options) {
    /** Copies the set. */
    public CutoverRequest {
        skippedChecks = Set.copyOf(skippedChecks);
    }
}
