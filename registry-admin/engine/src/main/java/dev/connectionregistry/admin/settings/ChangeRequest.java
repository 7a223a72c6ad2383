package dev.connectionregistry.admin.settings;

import dev.connectionregistry.settings.DatabaseName;
import java.util.Optional;

/**
 * What every change has in common.
 *
 * @param database whose settings
 * @param ifVersion only if this is the current version
 * @param reason why, for the history; may be empty
 * @param dryRun only say what would be written
 * @param acceptsLeftServer whether it may move to a server that a cutover left
 */
public record ChangeRequest(
        DatabaseName database, Optional<Long> ifVersion, String reason, boolean dryRun, boolean acceptsLeftServer) {
    /** To no server that a cutover left. */
    public ChangeRequest(DatabaseName database, Optional<Long> ifVersion, String reason, boolean dryRun) {
        this(database, ifVersion, reason, dryRun, false);
    }

    /** Also to a server that a cutover left, if {@code accepted}. */
    public ChangeRequest acceptingLeftServer(boolean accepted) {
        return new ChangeRequest(database, ifVersion, reason, dryRun, accepted);
    }
}
