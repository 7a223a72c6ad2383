package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * One of the names that a run moves together (docs/adr/0038). Immutable.
 *
 * @param name the name under which services find the database
 * @param transitionId the id of its transition, of which its channel and its commitments are made; no other name has
 *     the same
 * @param baseVersion the version of the settings that the run began from
 * @param source the settings of the server that the name leaves
 * @param target the settings of the one that it goes to; their polling doesn't count
 * @param primary the name of the group whose standbys this one reads from, a reader; empty for a name whose own
 *     Postgres database moves
 */
public record GroupMember(
        DatabaseName name,
        String transitionId,
        long baseVersion,
        ConnectionSettings source,
        ConnectionSettings target,
        Optional<DatabaseName> primary) {
    /** A name whose own Postgres database moves. */
    public GroupMember(
            DatabaseName name,
            String transitionId,
            long baseVersion,
            ConnectionSettings source,
            ConnectionSettings target) {
        this(name, transitionId, baseVersion, source, target, Optional.empty());
    }

    /** The same member, moving between these servers. */
    public GroupMember between(ConnectionSettings newSource, ConnectionSettings newTarget) {
        return new GroupMember(name, transitionId, baseVersion, newSource, newTarget, primary);
    }

    /** With another transition id. */
    public GroupMember transitioningAs(String id) {
        return new GroupMember(name, id, baseVersion, source, target, primary);
    }

    /** As a reader of the standbys of {@code which}. */
    public GroupMember reading(DatabaseName which) {
        return new GroupMember(name, transitionId, baseVersion, source, target, Optional.of(which));
    }

    /** Whether it is held and switched with its primary, and neither fenced nor compared. */
    public boolean isReader() {
        return primary.isPresent();
    }

    /** Whether these settings carry a phase of this run. */
    public boolean isCarriedBy(VersionedSettings settings) {
        return settings.transition()
                .filter(any -> any.id().equals(transitionId))
                .isPresent();
    }

    /** The transition in one of its phases, for settings that poll as {@code current} do. */
    public Transition transition(Transition.Phase phase, ConnectionSettings current, Duration holdBudget) {
        return new Transition(transitionId, phase, target.withPolling(current.polling()), holdBudget);
    }
}
