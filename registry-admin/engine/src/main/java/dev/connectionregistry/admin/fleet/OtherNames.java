package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the other names of the registry that are on the same Postgres database as one: by the server that their instances say they
 * have reached, whatever it is called, and by their endpoint. Logs in nowhere. Thread-safe.
 */
public final class OtherNames {
    private final RegistryAdministration registry;
    private final FleetWatcher watcher;

    @Inject
    public OtherNames(RegistryAdministration registry, FleetWatcher watcher) {
        this.registry = registry;
        this.watcher = watcher;
    }

    /**
     * A name that is on the same Postgres database.
     *
     * @param name the name
     * @param endpoint what its settings say
     * @param instances its live instances, {@code service/instance}; may be empty
     * @param byIdentity whether an instance of each has reached the same server and database; else the endpoints are the same
     */
    public record Shared(DatabaseName name, Endpoint endpoint, List<String> instances, boolean byIdentity) {
        /** {@code 'billing' (billing/a, billing/b)}. */
        @Override
        public String toString() {
            return "'" + name + "' ("
                    + (instances.isEmpty() ? "no live instance" : String.join(", ", instances))
                    + (byIdentity ? ", on the same server by their own reports" : "") + ")";
        }
    }

    /**
     * Those that are on the same Postgres database as {@code database}, by name.
     *
     * @param endpoint where {@code database} is
     * @throws dev.connectionregistry.registry.RegistryException if settings or reports can't be read
     */
    public List<Shared> of(DatabaseName database, Endpoint endpoint) {
        List<ServerIdentity> reached = live(database).stream()
                .flatMap(member -> member.report().server().stream())
                .distinct()
                .toList();
        List<Shared> shared = new ArrayList<>();
        for (RegistryAdministration.Listed listed : registry.list()) {
            if (!listed.database().equals(database) && listed.result() instanceof ReadResult.Found found) {
                of(listed.database(), found.settings().settings().endpoint(), endpoint, reached)
                        .ifPresent(shared::add);
            }
        }
        return shared;
    }

    private Optional<Shared> of(DatabaseName other, Endpoint its, Endpoint ours, List<ServerIdentity> reached) {
        List<InstanceReport> reports =
                live(other).stream().map(FleetMember::report).toList();
        boolean byIdentity = reports.stream()
                .flatMap(report -> report.server().stream())
                .anyMatch(identity -> isOneOf(identity, reached));
        boolean byText = isSame(its, ours)
                || reports.stream().anyMatch(report -> report.endpoint().equalsIgnoreCase(ours.toString()));
        return byIdentity || byText
                ? Optional.of(new Shared(
                        other, its, reports.stream().map(InstanceReport::name).toList(), byIdentity))
                : Optional.empty();
    }

    private List<FleetMember> live(DatabaseName database) {
        return watcher.once(database, FleetGoal.active(0)).live();
    }

    /** A role that may not ask for the system identifier still says when the server started, to the microsecond. */
    private static boolean isOneOf(ServerIdentity identity, Collection<ServerIdentity> others) {
        return others.stream()
                .anyMatch(other -> identity.databaseOid() == other.databaseOid()
                        && identity.serverStartedAt().equals(other.serverStartedAt())
                        && (identity.systemIdentifier().isEmpty()
                                || other.systemIdentifier().isEmpty()
                                || identity.systemIdentifier().equals(other.systemIdentifier())));
    }

    /** Whether two endpoints are the same text but for the case of the host's name and a dot at its end. */
    public static boolean isSame(Endpoint one, Endpoint other) {
        return host(one).equals(host(other))
                && one.port() == other.port()
                && one.databaseName().equals(other.databaseName());
    }

    private static String host(Endpoint endpoint) {
        String host = endpoint.host().toLowerCase(Locale.ROOT);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
