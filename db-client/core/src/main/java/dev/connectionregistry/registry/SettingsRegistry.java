package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import java.util.Optional;

/**
 * The registry as a service sees it: read one database's settings, report about oneself. Implementations are thread-safe
 * and bound every call in time.
 */
public interface SettingsRegistry {
    /**
     * Reads the current settings, consistently. Every way this can end is a {@link ReadResult}; nothing that the registry
     * or the network does is thrown.
     */
    ReadResult read(DatabaseName database);

    /**
     * Writes what an instance says about itself, replacing what it said before.
     *
     * @return what was replaced; empty if there was nothing that can be read. By it an instance notices that another one has its name
     * @throws RegistryException if the report could not be written
     */
    Optional<InstanceReport> report(InstanceReport report);

    /** What this registry is, for messages: {@code table connection-registry in eu-west-1}. Contains no secret. */
    String describe();
}
