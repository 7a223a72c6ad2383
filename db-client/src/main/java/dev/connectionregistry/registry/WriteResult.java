package dev.connectionregistry.registry;

import dev.connectionregistry.settings.VersionedSettings;

/** What a conditional write of settings came to. */
public sealed interface WriteResult {
    /** The version is the current one. */
    record Written(VersionedSettings settings) implements WriteResult {}

    /**
     * Somebody else wrote first; nothing was changed.
     *
     * @param actual what stands in the registry now
     */
    record Conflict(ReadResult actual) implements WriteResult {}
}
