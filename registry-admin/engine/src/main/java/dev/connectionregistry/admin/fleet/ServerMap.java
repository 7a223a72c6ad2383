package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.admin.common.ServerAddress;
import dev.connectionregistry.admin.fleet.OtherNames.NamedFleet;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The servers of the registry and the names on each: those that settings name, and those on which live instances are. Two addresses are
 * one server if instances that connected to them reached the same one, or if one endpoint has both: a primary and its standbys
 * are shown as one. Immutable; pure.
 *
 * @param servers by name
 */
public record ServerMap(List<Server> servers) {
    /**
     * A server.
     *
     * @param name {@code host:port} that most names use
     * @param otherNames its other addresses: those by which instances reach it, and other hosts in settings that list
     *     several
     * @param systemIdentifier as its instances report it; empty if none may ask for it, or they disagree
     * @param names the names on it, by Postgres database, then by name
     */
    public record Server(
            String name, Set<String> otherNames, Optional<String> systemIdentifier, List<NameThere> names) {
        private boolean isCalled(String address) {
            return name.equals(address) || otherNames.contains(address);
        }
    }

    /**
     * A name of the registry on a server.
     *
     * @param fleet the name, its settings and its whole fleet
     * @param postgresDatabase the Postgres database of that server that it uses
     * @param bySettings whether its settings name this server; otherwise only instances are still connected to it
     * @param instances the live instances that are connected to it, {@code service/instance}
     */
    public record NameThere(NamedFleet fleet, String postgresDatabase, boolean bySettings, List<String> instances) {}

    /** The map of all names of the registry. */
    public static ServerMap of(List<NamedFleet> all) {
        Addresses addresses = new Addresses(all);
        Map<String, Map<DatabaseName, NameThere>> servers = new TreeMap<>();
        Map<String, Set<String>> identifiers = new HashMap<>();
        for (NamedFleet fleet : all) {
            String own = addresses.server(fleet.endpoint());
            Map<String, List<InstanceReport>> reports = fleet.reports().stream()
                    .collect(Collectors.groupingBy(report -> OtherNames.parsed(report.endpoint())
                            .map(addresses::server)
                            .orElse(own)));
            reports.putIfAbsent(own, List.of());
            reports.forEach((server, there) -> {
                servers.computeIfAbsent(server, any -> new LinkedHashMap<>())
                        .put(fleet.name(), there(fleet, server.equals(own), there));
                there.stream()
                        .flatMap(report -> report.server().stream())
                        .flatMap(identity -> identity.systemIdentifier().stream())
                        .forEach(identifier -> identifiers
                                .computeIfAbsent(server, any -> new TreeSet<>())
                                .add(identifier));
            });
        }
        List<Server> found = new ArrayList<>();
        servers.forEach((server, names) -> found.add(new Server(
                server,
                addresses.othersOf(server),
                Optional.of(identifiers.getOrDefault(server, Set.of()))
                        .filter(known -> known.size() == 1)
                        .map(known -> known.iterator().next()),
                names.values().stream()
                        .sorted(Comparator.comparing(NameThere::postgresDatabase)
                                .thenComparing(each -> each.fleet().name().value()))
                        .toList())));
        return new ServerMap(List.copyOf(found));
    }

    private static NameThere there(NamedFleet fleet, boolean bySettings, List<InstanceReport> reports) {
        String database = bySettings
                ? fleet.endpoint().databaseName()
                : OtherNames.parsed(reports.get(0).endpoint())
                        .orElse(fleet.endpoint())
                        .databaseName();
        return new NameThere(
                fleet,
                database,
                bySettings,
                reports.stream().map(InstanceReport::name).sorted().toList());
    }

    /**
     * The names on the server that has one of these addresses, each once. The database in {@code wanted} doesn't count;
     * each host does.
     */
    public List<NamedFleet> namesAt(Endpoint wanted) {
        return at(wanted).map(NameThere::fleet).distinct().toList();
    }

    /** Those of them whose settings name the server, by Postgres database, then by name. */
    public List<DatabaseName> settledAt(Endpoint wanted) {
        return at(wanted)
                .filter(NameThere::bySettings)
                .map(each -> each.fleet().name())
                .distinct()
                .toList();
    }

    /** The first of them on each Postgres database of the server. */
    public List<DatabaseName> leadsAt(Endpoint wanted) {
        Map<String, DatabaseName> leads = new TreeMap<>();
        at(wanted)
                .filter(NameThere::bySettings)
                .forEach(each ->
                        leads.putIfAbsent(each.postgresDatabase(), each.fleet().name()));
        return List.copyOf(leads.values());
    }

    private Stream<NameThere> at(Endpoint wanted) {
        List<String> asked = wanted.each().stream().map(ServerAddress::of).toList();
        return servers.stream()
                .filter(server -> asked.stream().anyMatch(server::isCalled))
                .flatMap(server -> server.names().stream());
    }

    /**
     * Which addresses lead to one server: hosts of one endpoint, and those at which instances reached the same server;
     * also transitively.
     */
    private static final class Addresses {
        /** The first address of each one's server. */
        private final Map<String, String> heads = new HashMap<>();
        /** How many names' settings contain each address. */
        private final Map<String, Long> uses;

        Addresses(List<NamedFleet> all) {
            uses = all.stream()
                    .map(each -> ServerAddress.of(each.endpoint()))
                    .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
            all.forEach(each -> joinHosts(each.endpoint()));
            Map<String, String> reached = new HashMap<>();
            all.stream().flatMap(each -> each.reports().stream()).forEach(report -> OtherNames.parsed(report.endpoint())
                    .ifPresent(endpoint -> {
                        String address = joinHosts(endpoint);
                        keys(report).forEach(key -> join(address, reached.computeIfAbsent(key, any -> address)));
                    }));
        }

        /** The first of them. */
        private String joinHosts(Endpoint endpoint) {
            String first = ServerAddress.of(endpoint);
            endpoint.each().stream().map(ServerAddress::of).forEach(host -> {
                heads.putIfAbsent(host, host);
                join(first, host);
            });
            return first;
        }

        /**
         * Postgres servers don't start within the same microsecond; even a role that may not ask for more can tell that
         * time.
         */
        private static Stream<String> keys(InstanceReport report) {
            return report.server().map(ServerIdentity::serverStartedAt).map(Object::toString).stream();
        }

        private String head(String address) {
            String above = heads.getOrDefault(address, address);
            return above.equals(address) ? address : head(above);
        }

        private void join(String one, String other) {
            String first = head(one);
            String second = head(other);
            if (!first.equals(second)) {
                boolean firstWins = uses.getOrDefault(first, 0L) > uses.getOrDefault(second, 0L)
                        || (uses.getOrDefault(first, 0L).equals(uses.getOrDefault(second, 0L))
                                && first.compareTo(second) < 0);
                heads.put(firstWins ? second : first, firstWins ? first : second);
            }
        }

        String server(Endpoint endpoint) {
            return head(ServerAddress.of(endpoint));
        }

        Set<String> othersOf(String server) {
            return heads.keySet().stream()
                    .filter(each -> !each.equals(server) && head(each).equals(server))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
