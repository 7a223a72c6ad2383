package dev.connectionregistry.registry;

import dev.connectionregistry.settings.VersionedSettings;
import java.util.Optional;

/** What a conditional write of settings came to. */
public sealed interface WriteResult {
    /** The version is the current one. */
    record Written(VersionedSettings settings) implements WriteResult {}

    /**
     * Somebody else wrote first; nothing was changed.
     *
     * @param actual what the registry contains now
     */
    record Conflict(ReadResult actual) implements WriteResult {}

    /**
     * The cutover that wrote has lost its lock; nothing was changed.
     *
     * @param actual the lock as it stands; empty if somebody deleted it
     */
    record LockLost(Optional<CutoverLock> actual) implements WriteResult {}
}
