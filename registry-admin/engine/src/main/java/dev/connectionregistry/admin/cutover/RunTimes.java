package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long each part of a run may take.
 *
 * @param holdBudget the longest time from hold to switch, 100 ms to 1 minute
 * @param grace after this much of the hold, those still at work are stragglers; above zero, below the budget
 * @param pollInterval the fleet's poll interval meanwhile, 50 ms to 5 s; see {@link #needsSignals}
 * @param prepareTimeout the longest time for everyone to open a standby pool; above zero
 * @param patience how long an undo keeps trying while the registry or a server fails; above zero
 */
public record RunTimes(
        Duration holdBudget, Duration grace, Duration pollInterval, Duration prepareTimeout, Duration patience) {
    /** The hold budget if none is given. */
    public static final Duration BUDGET = Duration.ofSeconds(5);
    /** The poll interval of a small fleet if none is given; see {@link #usualPoll}. */
    public static final Duration POLL = Duration.ofMillis(100);
    /** The time for standby pools if none is given. */
    public static final Duration PREPARE = Duration.ofMinutes(1);
    /** The patience of an undo. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration SHORTEST_POLL = Duration.ofMillis(50);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(5);
    /** The longest poll interval with which a fleet without signals still hears of a hold in time. */
    public static final Duration LONGEST_UNSIGNALLED_POLL = Duration.ofMillis(200);

    /**
     * Keeps the reports that follow a change within the 1,000 writes a second of a DynamoDB partition (docs/cost.md).
     */
    private static final Duration POLL_PER_INSTANCE = Duration.ofMillis(2);

    private static final Duration AFTER_GRACE = Duration.ofMillis(500);

    /**
     * Checks the bounds.
     *
     * @throws InvalidSettingsException naming each option that is outside them
     */
    public RunTimes {
        List<String> problems = new ArrayList<>();
        between(problems, "--hold-budget", holdBudget, Transition.SHORTEST_BUDGET, Transition.LONGEST_BUDGET);
        between(problems, "--grace", grace, Duration.ofMillis(1), longestGrace(holdBudget));
        between(problems, "--poll-interval", pollInterval, SHORTEST_POLL, LONGEST_POLL);
        between(problems, "--prepare-timeout", prepareTimeout, Duration.ofMillis(100), Duration.ofHours(1));
        between(problems, "the patience", patience, Duration.ofMillis(1), Duration.ofHours(1));
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(String.join("\n", problems));
        }
    }

    /** Whether the fleet polls so slowly that a hold may begin only when signals reach every instance. */
    public boolean needsSignals() {
        return pollInterval.compareTo(LONGEST_UNSIGNALLED_POLL) > 0;
    }

    /**
     * The poll interval if none is given: long enough for one table to serve all instances, but never too long for a
     * run without signals.
     *
     * @param instances how many instances the largest fleet has
     */
    public static Duration usualPoll(int instances, boolean signals) {
        Duration longest = signals ? LONGEST_POLL : LONGEST_UNSIGNALLED_POLL;
        Duration shared = POLL_PER_INSTANCE.multipliedBy(instances);
        return shared.compareTo(POLL) < 0 ? POLL : shared.compareTo(longest) > 0 ? longest : shared;
    }

    /** The grace if none is given: half the budget. */
    public static Duration usualGrace(Duration budget) {
        return budget.dividedBy(2).compareTo(longestGrace(budget)) < 0 ? budget.dividedBy(2) : longestGrace(budget);
    }

    /** What remains after the grace must be enough for the rest: half a second, or half of a shorter budget. */
    private static Duration longestGrace(Duration budget) {
        Duration longest = budget.minus(AFTER_GRACE);
        return longest.compareTo(budget.dividedBy(2)) > 0 ? longest : budget.dividedBy(2);
    }

    private static void between(List<String> problems, String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problems.add(name + " is " + Durations.text(value) + "; it must be " + Durations.text(least) + " to "
                    + Durations.text(most));
        }
    }
}
