package dev.connectionregistry.spring.internal;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.status.DataSourceStatus;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/** A status in the form that health and the actuator endpoint show: names and plain values, no secret. Pure. */
public final class StatusView {
    private static final Set<InstanceState> IN_A_CUTOVER =
            EnumSet.of(InstanceState.PREPARING, InstanceState.READY, InstanceState.HOLDING, InstanceState.HELD);

    private StatusView() {}

    /** The registry data source in a data source that may wrap it; empty if there is none. */
    public static Optional<RegistryDataSource> registryDataSource(DataSource dataSource) {
        try {
            return dataSource.isWrapperFor(RegistryDataSource.class)
                    ? Optional.of(dataSource.unwrap(RegistryDataSource.class))
                    : Optional.empty();
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether the database is available. It counts as available in every step of a cutover, whose hold makes callers wait
     * but fails none, and with stale settings; otherwise it isn't available while the pool can't open connections.
     */
    public static boolean isDatabaseUp(DataSourceStatus status) {
        return isReady(status) && (status.poolProblem().isEmpty() || IN_A_CUTOVER.contains(status.state()));
    }

    /** Whether there is a pool at all: not before the first pool, nor after the close. */
    public static boolean isReady(DataSourceStatus status) {
        return status.generation() > 0 && status.state() != InstanceState.STOPPED;
    }

    /** Everything that a status contains. */
    public static Map<String, Object> details(DataSourceStatus status) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("database", status.database().value());
        details.put("service", status.service());
        details.put("instance", status.instance());
        details.put("state", status.state().name());
        details.put("version", status.version());
        details.put("acknowledgedVersion", status.acknowledgedVersion());
        details.put("generation", status.generation());
        status.source().ifPresent(source -> details.put("source", source.name()));
        status.endpoint().ifPresent(endpoint -> details.put("endpoint", endpoint.toString()));
        details.put("since", status.since().toString());
        details.put("stalenessMillis", status.staleness().toMillis());
        details.put("pollIntervalMillis", status.pollInterval().toMillis());
        status.problem().ifPresent(problem -> details.put("problem", problem));
        status.lastProblem().ifPresent(problem -> details.put("lastProblem", problem));
        status.poolProblem().ifPresent(problem -> details.put("poolProblem", problem.cause()));
        status.refusedVersion().ifPresent(version -> details.put("refusedVersion", version));
        details.put(
                "pool",
                Map.of(
                        "active", status.pool().active(),
                        "idle", status.pool().idle(),
                        "waiting", status.pool().waiting(),
                        "maximumSize", status.pool().maximumSize()));
        details.put("cutConnections", status.cutConnections());
        return details;
    }
}
