package dev.connectionregistry.registry;

import dev.connectionregistry.settings.VersionedSettings;
import java.util.Optional;

/** The outcome of a conditional write of settings. */
public sealed interface WriteResult {
    /** The version is now the current one. */
    record Written(VersionedSettings settings) implements WriteResult {}

    /**
     * Somebody else wrote first; nothing was changed.
     *
     * @param actual what the registry contains now
     */
    record Conflict(ReadResult actual) implements WriteResult {}

    /**
     * The cutover that tried to write has lost its lock; nothing was changed.
     *
     * @param actual the current lock; empty if somebody deleted it
     */
    record LockLost(Optional<CutoverLock> actual) implements WriteResult {}
}
