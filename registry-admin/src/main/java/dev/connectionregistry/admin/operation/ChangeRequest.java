package dev.connectionregistry.admin.operation;

import dev.connectionregistry.settings.DatabaseName;
import java.util.Optional;

/**
 * What every change has in common.
 *
 * @param database whose settings
 * @param ifVersion only if this is the current version
 * @param reason why, for the history; may be empty
 * @param dryRun only say what would be written
 */
public record ChangeRequest(DatabaseName database, Optional<Long> ifVersion, String reason, boolean dryRun) {}
