package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.ServerPair;
import java.time.Duration;
import java.util.Set;

/**
 * What checks of the servers know besides what they see there. Immutable.
 *
 * @param pair the two servers
 * @param fleetSessions what the sessions of the live instances are called ({@code application_name})
 * @param fleetConnections how many connections the live instances' pools may have together
 * @param longTransaction a transaction on the source that is older than this is worth a word
 */
public record Subject(ServerPair pair, Set<String> fleetSessions, int fleetConnections, Duration longTransaction) {
    /** Copies the set. */
    public Subject {
        fleetSessions = Set.copyOf(fleetSessions);
    }
}
