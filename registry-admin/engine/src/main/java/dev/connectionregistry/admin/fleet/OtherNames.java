package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.admin.common.ServerAddress;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds the registry's names that are on the same server as a given one: by the server that their instances report to
 * have reached, whatever its address, and by their endpoint. Logs in nowhere. Thread-safe.
 */
public final class OtherNames {
    private final RegistryAdministration registry;
    private final FleetHealth fleets;

    @Inject
    public OtherNames(RegistryAdministration registry, FleetWatcher watcher) {
        this.registry = registry;
        this.fleets = new FleetHealth(watcher);
    }

    /** How much two names share. */
    public enum Place {
        /** The Postgres database: a fence around one is a fence around the other. */
        DATABASE,
        /** Only the server: no fence reaches the other. */
        SERVER
    }

    /**
     * A name that is on the same server.
     *
     * @param name the name
     * @param endpoint the endpoint in its settings
     * @param instances its live instances, {@code service/instance}; may be empty
     * @param byIdentity whether an instance of each has reached the same server; else the endpoints are the same
     * @param place what they share
     */
    public record Shared(
            DatabaseName name, Endpoint endpoint, List<String> instances, boolean byIdentity, Place place) {
        /** {@code 'billing' (billing/a, billing/b)}. */
        @Override
        public String toString() {
            return "'" + name + "' ("
                    + (instances.isEmpty() ? "no live instance" : String.join(", ", instances))
                    + (byIdentity ? ", on the same server by their own reports" : "") + ")";
        }
    }

    /**
     * A name of the registry, and the fleet that uses it.
     *
     * @param settings its current settings
     * @param look its fleet
     */
    public record NamedFleet(VersionedSettings settings, FleetHealth.Look look) {
        public DatabaseName name() {
            return settings.database();
        }

        public Endpoint endpoint() {
            return settings.settings().endpoint();
        }

        /** The reports of the live instances. */
        public List<InstanceReport> reports() {
            return look.fleet().live().stream().map(FleetMember::report).toList();
        }

        private boolean hasReached(Collection<ServerIdentity> servers, Place place) {
            return reports().stream()
                    .flatMap(report -> report.server().stream())
                    .anyMatch(own -> servers.stream().anyMatch(each -> isSame(own, each, place)));
        }

        private boolean isAt(Endpoint endpoint, Place place) {
            return OtherNames.isSame(endpoint(), endpoint, place)
                    || reports().stream()
                            .flatMap(report -> parsed(report.endpoint()).stream())
                            .anyMatch(own -> OtherNames.isSame(own, endpoint, place));
        }
    }

    /**
     * A name whose settings can't be used, so that it is unknown which server it is on.
     *
     * @param problem in a short line
     */
    public record Unusable(DatabaseName name, String problem) {}

    /** All names of the registry. */
    public record AllNames(List<NamedFleet> usable, List<Unusable> unusable) {}

    /**
     * All names; those whose settings can be used come with their fleets. Takes one read of the list, and a query for
     * each name.
     *
     * @throws RegistryException if the list can't be read
     */
    public AllNames read() {
        List<VersionedSettings> found = new ArrayList<>();
        List<Unusable> unusable = new ArrayList<>();
        registry.list().forEach(listed -> {
            if (listed.result() instanceof ReadResult.Found each) {
                found.add(each.settings());
            } else if (listed.result() instanceof ReadResult.Malformed malformed) {
                unusable.add(new Unusable(listed.database(), Printable.shortLine(malformed.problem())));
            } else if (listed.result() instanceof ReadResult.Unreadable unreadable) {
                unusable.add(new Unusable(
                        listed.database(),
                        Printable.shortLine(String.valueOf(unreadable.problem().getMessage()))));
            }
        });
        return new AllNames(withFleets(found), List.copyOf(unusable));
    }

    private List<NamedFleet> withFleets(List<VersionedSettings> found) {
        Map<DatabaseName, FleetHealth.Look> looks =
                fleets.looks(found.stream().map(VersionedSettings::database).toList());
        return found.stream()
                .map(settings -> new NamedFleet(
                        settings, Objects.requireNonNull(looks.get(settings.database()), "looked at above")))
                .toList();
    }

    /**
     * The same, but fails if the fleet of a name with usable settings isn't known.
     *
     * @throws RegistryException if the list or reports can't be read
     */
    public AllNames readKnown() {
        AllNames all = read();
        all.usable().forEach(each -> each.look().unknown().ifPresent(why -> {
            throw new RegistryException(
                    RegistryException.Kind.UNREACHABLE, "the instances of '" + each.name() + "': " + why, null);
        }));
        return all;
    }

    /**
     * The names that are on the same server as {@code database}, and what each shares with it. Pure.
     *
     * @param endpoint where {@code database} is
     * @param all all names of the registry
     */
    public static List<Shared> namesOnServer(DatabaseName database, Endpoint endpoint, List<NamedFleet> all) {
        List<ServerIdentity> reached = all.stream()
                .filter(each -> each.name().equals(database))
                .flatMap(each -> each.reports().stream())
                .flatMap(report -> report.server().stream())
                .distinct()
                .toList();
        return all.stream()
                .filter(each -> !each.name().equals(database))
                .flatMap(each -> shared(each, endpoint, reached).stream())
                .toList();
    }

    private static Optional<Shared> shared(NamedFleet other, Endpoint endpoint, List<ServerIdentity> reached) {
        for (Place place : Place.values()) {
            boolean byIdentity = other.hasReached(reached, place);
            if (byIdentity || other.isAt(endpoint, place)) {
                return Optional.of(new Shared(
                        other.name(),
                        other.endpoint(),
                        other.reports().stream().map(InstanceReport::name).toList(),
                        byIdentity,
                        place));
            }
        }
        return Optional.empty();
    }

    /** The servers that live instances of any name have reached at {@code endpoint}. */
    public static List<ServerIdentity> reachedAt(Endpoint endpoint, List<NamedFleet> all) {
        return all.stream()
                .flatMap(each -> each.reports().stream())
                .filter(report -> parsed(report.endpoint())
                        .filter(own -> isSame(own, endpoint))
                        .isPresent())
                .flatMap(report -> report.server().stream())
                .distinct()
                .toList();
    }

    /** A report's endpoint, which may be any text; empty if it isn't one. */
    static Optional<Endpoint> parsed(String endpoint) {
        try {
            return endpoint.isEmpty() ? Optional.empty() : Optional.of(Endpoint.parse(endpoint));
        } catch (InvalidSettingsException e) {
            return Optional.empty();
        }
    }

    /** A role that may not ask for the system identifier still says when the server started, to the microsecond. */
    private static boolean isSame(ServerIdentity one, ServerIdentity other, Place place) {
        return (place == Place.SERVER || one.databaseOid() == other.databaseOid())
                && one.serverStartedAt().equals(other.serverStartedAt())
                && (one.systemIdentifier().isEmpty()
                        || other.systemIdentifier().isEmpty()
                        || one.systemIdentifier().equals(other.systemIdentifier()));
    }

    /**
     * Whether two endpoints have a host in common, ignoring the case of its name and a dot at its end, and the same
     * database.
     */
    public static boolean isSame(Endpoint one, Endpoint other) {
        return isSame(one, other, Place.DATABASE);
    }

    private static boolean isSame(Endpoint one, Endpoint other, Place place) {
        List<String> addresses = one.each().stream().map(ServerAddress::of).toList();
        return other.each().stream().map(ServerAddress::of).anyMatch(addresses::contains)
                && (place == Place.SERVER || one.databaseName().equals(other.databaseName()));
    }
}
