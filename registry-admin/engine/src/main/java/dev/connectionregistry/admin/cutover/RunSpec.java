package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Transition;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What a run is to do. Immutable; the same for everyone who carries the run out.
 *
 * @param id which run, such as {@code c-3f9a1b2c}
 * @param database whose fleet moves
 * @param rehearsal whether it goes back after the hold
 * @param by who began it
 * @param startedAt when, by that machine's clock
 * @param reason why, for the history; may be empty
 * @param baseVersion the version of the settings that it began from
 * @param source the settings of the server that the fleet leaves
 * @param target the settings of the one that it goes to; their polling doesn't count
 * @param options what the operator chose
 */
public record RunSpec(
        String id,
        DatabaseName database,
        boolean rehearsal,
        String by,
        Instant startedAt,
        String reason,
        long baseVersion,
        ConnectionSettings source,
        ConnectionSettings target,
        RunOptions options) {
    private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,32}");

    /**
     * Checks the id, which becomes part of channels, application names and commands.
     *
     * @throws InvalidSettingsException if it isn't one
     */
    public RunSpec {
        if (!ID.matcher(id).matches()) {
            throw new InvalidSettingsException(
                    "the id of a cutover is '" + id + "'; allowed are 1 to 32 of a-z, 0-9 and '-'");
        }
    }

    public RunSpec with(RunOptions other) {
        return new RunSpec(id, database, rehearsal, by, startedAt, reason, baseVersion, source, target, other);
    }

    /** Between these servers. */
    public RunSpec between(ConnectionSettings source, ConnectionSettings destination) {
        return new RunSpec(id, database, rehearsal, by, startedAt, reason, baseVersion, source, destination, options);
    }

    /** The transition in one of its phases, for settings that poll as {@code current} do. */
    public Transition transition(Transition.Phase phase, ConnectionSettings current) {
        return new Transition(
                id,
                phase,
                target.withPolling(current.polling()),
                options.times().holdBudget());
    }

    /** How the operator logs in to the source. */
    public ServerLogin sourceAdmin() {
        return options.sourceAdmin().on(ServerLogin.of(source));
    }

    /** How the operator logs in to the target. */
    public ServerLogin targetAdmin() {
        return options.targetAdmin().on(ServerLogin.of(target));
    }
}
