package dev.connectionregistry.watch;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.util.Optional;

/**
 * The status of a watcher.
 *
 * @param state {@code STARTING}, {@code ACTIVE}, {@code REJECTED} or {@code STOPPED}
 * @param version the version in use; 0 for a fallback, or while there is none
 * @param acknowledgedVersion the newest version that was read and understood
 * @param endpoint the server in use; empty while there is none
 * @param staleness how long ago the registry last gave a usable answer
 * @param problem what is wrong now; empty if nothing is
 */
public record WatcherStatus(
        InstanceState state,
        long version,
        long acknowledgedVersion,
        Optional<Endpoint> endpoint,
        Duration staleness,
        Optional<String> problem) {}
