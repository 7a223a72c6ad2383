package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import java.util.Optional;

/**
 * The registry as a service sees it: it reads one database's settings and reports about itself. Implementations are
 * thread-safe and bound every call in time.
 */
public interface SettingsRegistry {
    /**
     * Reads the current settings, consistently. Every outcome is a {@link ReadResult}; a failure of the registry or the
     * network is never thrown.
     */
    ReadResult read(DatabaseName database);

    /**
     * Writes an instance's report about itself, replacing its last report.
     *
     * @return the report that was replaced; empty if there was none that can be read. It shows an instance that another
     *     one uses its name
     * @throws RegistryException if the report could not be written
     */
    Optional<InstanceReport> report(InstanceReport report);

    /** What this registry is, for messages: {@code table connection-registry in eu-west-1}. Contains no secret. */
    String describe();
}
