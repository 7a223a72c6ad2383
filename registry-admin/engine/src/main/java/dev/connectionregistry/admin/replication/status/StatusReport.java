package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.server.ServerPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The status of replication. Immutable.
 *
 * @param pair the two servers
 * @param facts what they said
 * @param delays how far each slot's reader is behind in time, if that is known
 * @param ours the names of the subscriptions that this program made
 * @param problems the bad ones first
 */
public record StatusReport(
        ServerPair pair,
        ReplicationFacts facts,
        Map<String, Duration> delays,
        List<String> ours,
        List<Problem> problems) {
    public StatusReport {
        delays = Map.copyOf(delays);
        ours = List.copyOf(ours);
        problems = List.copyOf(problems);
    }

    /** Whether nothing is bad. */
    public boolean healthy() {
        return problems.stream().noneMatch(Problem::bad);
    }

    /** How far the reader of a slot is behind. */
    public Optional<Duration> delay(String slot) {
        return Optional.ofNullable(delays.get(slot));
    }

    /**
     * Something that is wrong.
     *
     * @param bad whether it makes replication unhealthy; otherwise it is only worth knowing
     * @param what what is wrong, with names
     * @param remedy what to do: words, or statements to paste; may be empty
     * @param isCommand whether {@code remedy} is a command to paste as a whole
     */
    public record Problem(boolean bad, String what, String remedy, boolean isCommand) {
        /** With words about what to do. */
        static Problem withWords(boolean bad, String what, String remedy) {
            return new Problem(bad, what, remedy, false);
        }

        /** With a command that helps. */
        static Problem withCommand(boolean bad, String what, String command) {
            return new Problem(bad, what, command, true);
        }
    }
}
