package dev.connectionregistry.settings;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The part of the settings that describes a cutover; without it the database is steady. While there is a transition,
 * the settings around it are still those of the source (docs/adr/0011).
 *
 * @param id the run's id, such as {@code c-3f9a1b2c}; 1 to 32 of a-z, 0-9 and '-'
 * @param phase how far the run is
 * @param target the settings after the switch
 * @param holdBudget the longest time from hold to switch, {@link #SHORTEST_BUDGET} to {@link #LONGEST_BUDGET}; after
 *     twice as long an instance opens its gate by itself
 * @param commitments who may announce which later version; empty if only a read shows what follows
 * @param signalServer where the run's signals are, if not on the target: {@code LISTEN} doesn't work on a standby
 */
public record Transition(
        String id,
        Phase phase,
        ConnectionSettings target,
        Duration holdBudget,
        List<Commitment> commitments,
        Optional<Endpoint> signalServer) {
    /** The shortest hold budget. */
    public static final Duration SHORTEST_BUDGET = Duration.ofMillis(100);
    /** The longest hold budget. */
    public static final Duration LONGEST_BUDGET = Duration.ofMinutes(1);
    /** A gate stays closed for at most this many times the budget. */
    private static final int BUDGETS = 2;
    /** The largest possible {@link #longestHold}. */
    public static final Duration LONGEST_HOLD = LONGEST_BUDGET.multipliedBy(BUDGETS);

    /** How far a run is. */
    public enum Phase {
        /** Instances open a standby pool for the target; callers notice nothing. */
        PREPARE,
        /** No new checkouts; connections in use are returned. */
        HOLD;

        /**
         * The phase with that name.
         *
         * @throws InvalidSettingsException if there is none; the client is then too old for what the registry contains
         */
        public static Phase parse(String text) {
            for (Phase phase : values()) {
                if (phase.toString().equals(text)) {
                    return phase;
                }
            }
            throw new InvalidSettingsException(
                    "transition phase '" + text + "' is unknown to this release; known are prepare and hold");
        }

        /** {@code prepare}, {@code hold}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Two for each version that can follow a PREPARE, and room for later releases. */
    private static final int MOST_COMMITMENTS = 16;

    /**
     * Checks id, budget and the number of commitments; copies the commitments in a defined order.
     *
     * @throws InvalidSettingsException naming each problem
     */
    public Transition {
        commitments = commitments.stream().sorted(Commitment.ORDER).toList();
        Problems problems = new Problems();
        problems.require(
                id.matches("[a-z0-9-]{1,32}"),
                "transition id '" + id + "' is not allowed; use 1 to 32 of a-z, 0-9 and '-'");
        problems.requireBetween("hold budget", holdBudget, SHORTEST_BUDGET, LONGEST_BUDGET);
        problems.require(
                commitments.size() <= MOST_COMMITMENTS,
                "the transition has " + commitments.size() + " commitments; allowed are " + MOST_COMMITMENTS);
        problems.throwIfAny();
    }

    /** A transition whose signals are on the target. */
    public Transition(
            String id, Phase phase, ConnectionSettings target, Duration holdBudget, List<Commitment> commitments) {
        this(id, phase, target, holdBudget, commitments, Optional.empty());
    }

    /** A transition without commitments: only a read shows what follows. */
    public Transition(String id, Phase phase, ConnectionSettings target, Duration holdBudget) {
        this(id, phase, target, holdBudget, List.of());
    }

    /** The same run in another phase. */
    public Transition in(Phase other) {
        return new Transition(id, other, target, holdBudget, commitments, signalServer);
    }

    /** The same run with these commitments instead. */
    public Transition committedTo(List<Commitment> others) {
        return new Transition(id, phase, target, holdBudget, others, signalServer);
    }

    /** The same run with its signals on this server instead of the target. */
    public Transition signalledOver(Endpoint server) {
        return new Transition(id, phase, target, holdBudget, commitments, Optional.of(server));
    }

    /** The login for the run's signals: the target's settings, but on the signal server if there is another one. */
    public ConnectionSettings signals() {
        return signalServer.map(target::withEndpoint).orElse(target);
    }

    /** The same run for its HOLD of that version: only with the commitments to later versions. */
    public Transition holdingAs(long version) {
        return in(Phase.HOLD)
                .committedTo(commitments.stream()
                        .filter(commitment -> commitment.version() > version)
                        .toList());
    }

    /** How long a gate can be closed before an instance opens it by itself. */
    public Duration longestHold() {
        return holdBudget.multipliedBy(BUDGETS);
    }

    /** The channel over which a run's coordinator signals; to be quoted as an identifier. */
    public static String phaseChannel(String id) {
        return "connection_registry_" + id;
    }

    /**
     * The channel over which clients of earlier releases hint at new reports; the coordinator listens to it. It isn't
     * the phase channel, because then each report would make the whole fleet read the settings.
     */
    public static String reportChannel(String id) {
        return phaseChannel(id) + "_reports";
    }

    /** {@code cutover c-3f9a1b2c to db2:5432/orders}. */
    @Override
    public String toString() {
        return "cutover " + id + " to " + target.endpoint();
    }
}
