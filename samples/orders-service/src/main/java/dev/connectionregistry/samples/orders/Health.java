package dev.connectionregistry.samples.orders;

import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.status.DataSourceStatus;
import org.jspecify.annotations.Nullable;

/**
 * The status of the data source, as JSON shows it.
 *
 * @param serving whether callers get connections
 * @param state what the data source is doing
 * @param version the version of the settings that its pool serves
 * @param endpoint where the pool is connected
 * @param stalenessMillis how long ago the registry last answered
 * @param problem what is wrong; null while all is well
 * @param pool figures of the pool
 */
record Health(
        boolean serving,
        String state,
        long version,
        @Nullable String endpoint,
        long stalenessMillis,
        @Nullable String problem,
        PoolFigures pool) {

    static Health of(DataSourceStatus status) {
        return new Health(
                status.isServing(),
                status.state().name(),
                status.version(),
                status.endpoint().map(Object::toString).orElse(null),
                status.staleness().toMillis(),
                status.problem().orElse(null),
                status.pool());
    }
}
