package dev.connectionregistry.status;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.PoolProblem;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A data source at one moment. Immutable; contains no secret.
 *
 * @param database which database of the registry
 * @param service the program
 * @param instance this process
 * @param state what it is doing
 * @param version the version its pool serves; 0 with a fallback or while there is none
 * @param acknowledgedVersion the newest version read and understood
 * @param generation the current pool, from 1; 0 while there is none
 * @param source where the served settings came from; empty while there are none
 * @param endpoint where the pool is connected; empty while there is none
 * @param since when state, version or endpoint last changed
 * @param staleness how long ago the registry last gave a usable answer; since the start, if it never did
 * @param pollInterval how often the registry is read
 * @param problem what is wrong now; empty if nothing is
 * @param lastProblem the last thing that was wrong, kept after recovery; empty if nothing ever was
 * @param pool figures of the current pool
 * @param cutConnections connections of replaced pools that were ended at the end of their grace, since the start
 * @param server the server that the current pool has really reached, as the server itself told its newest connection;
 *     empty while there is no pool
 * @param poolProblem what is wrong with the current pool now; empty while it works
 * @param refusedVersion the version of settings that can't be used; empty if there is none
 */
public record DataSourceStatus(
        DatabaseName database,
        String service,
        String instance,
        InstanceState state,
        long version,
        long acknowledgedVersion,
        long generation,
        Optional<SettingsSource> source,
        Optional<Endpoint> endpoint,
        Instant since,
        Duration staleness,
        Duration pollInterval,
        Optional<String> problem,
        Optional<String> lastProblem,
        PoolFigures pool,
        long cutConnections,
        Optional<ServerIdentity> server,
        Optional<PoolProblem> poolProblem,
        Optional<Long> refusedVersion) {

    /** Whether callers are being served, from any version; false while the pool can't open connections. */
    public boolean isServing() {
        return generation > 0 && state != InstanceState.STOPPED && poolProblem.isEmpty();
    }
}
