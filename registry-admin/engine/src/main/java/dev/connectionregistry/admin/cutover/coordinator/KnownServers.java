package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The servers of one name of a run as the settings and their history have them. A journal is not trusted: it only says which of these is
 * meant, and a server, a role or a reference that is in the journal alone is not logged in with. Immutable.
 *
 * @param sources what the services had when the run began, and what they have now
 * @param targets what the run's own versions prepare, and what was written after it began
 */
record KnownServers(List<ConnectionSettings> sources, List<ConnectionSettings> targets) {
    /** A run writes a handful of versions, and nobody else writes meanwhile. */
    private static final int SEARCHED = 50;

    static KnownServers read(RegistryAdministration registry, GroupMember member, Optional<VersionedSettings> current) {
        List<VersionedSettings> history = new ArrayList<>(registry.history(member.name(), SEARCHED));
        registry.version(member.name(), member.baseVersion()).ifPresent(history::add);
        return of(member, current, history);
    }

    /**
     * Those of one name of a run.
     *
     * @param current the settings, if they can be used
     * @param history versions of them, of which those from the run's base on count
     */
    static KnownServers of(GroupMember member, Optional<VersionedSettings> current, List<VersionedSettings> history) {
        List<ConnectionSettings> sources = new ArrayList<>();
        List<ConnectionSettings> targets = new ArrayList<>();
        history.stream()
                .filter(version -> version.version() == member.baseVersion())
                .forEach(base -> sources.add(base.settings()));
        current.ifPresent(now -> sources.add(now.settings()));
        List<VersionedSettings> since = new ArrayList<>(history);
        current.ifPresent(since::add);
        since.stream()
                .filter(version -> version.version() > member.baseVersion())
                .forEach(version -> {
                    version.transition()
                            .filter(transition -> transition.id().equals(member.transitionId()))
                            .map(Transition::target)
                            .ifPresent(targets::add);
                    targets.add(version.settings());
                });
        return new KnownServers(sources, targets);
    }

    /** The settings of the server that the run leaves, if they are known; never the journal's own. */
    Optional<ConnectionSettings> source(GroupMember member) {
        return among(sources, member.source());
    }

    /** The settings of the server that the run goes to, if they are known; never the journal's own. */
    Optional<ConnectionSettings> target(GroupMember member) {
        return among(targets, member.target());
    }

    private static Optional<ConnectionSettings> among(List<ConnectionSettings> known, ConnectionSettings journalled) {
        ServerLogin login = ServerLogin.of(journalled);
        return known.stream().filter(each -> ServerLogin.of(each).equals(login)).findFirst();
    }

    /** Whether the services are known to have the login of {@code journalled}, if on another endpoint. */
    static boolean hasLoginOf(ConnectionSettings known, ConnectionSettings journalled) {
        return ServerLogin.of(known.withEndpoint(journalled.endpoint())).equals(ServerLogin.of(journalled));
    }
}
