package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.FollowResult.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A subscription of the target, as the target has it. Immutable.
 *
 * @param name its name
 * @param number the server's number for it
 * @param enabled whether it is to run
 * @param slot the slot that it reads from; empty if it has none
 * @param publications that it reads
 * @param worker the process that applies its changes; 0 for none
 * @param runsFor for how long that process has been running; empty where the server doesn't say
 * @param applyErrors how often applying failed since the counters began; empty before Postgres 15
 * @param copyErrors how often copying a table failed
 * @param following whether it is shown to read from the source
 * @param conflicts what it counted apart from that, such as {@code confl_update_missing=3}; empty before Postgres 18
 */
public record SubscriptionFacts(
        String name,
        long number,
        boolean enabled,
        String slot,
        List<String> publications,
        int worker,
        Optional<Duration> runsFor,
        OptionalLong applyErrors,
        OptionalLong copyErrors,
        FollowResult following,
        String conflicts) {
    /** Copies the list. */
    public SubscriptionFacts {
        publications = List.copyOf(publications);
    }

    /** All errors that were counted. */
    public long errors() {
        return applyErrors.orElse(0) + copyErrors.orElse(0);
    }

    /** Whether it is another server that it reads from, whatever its slot is called. */
    public boolean readsElsewhere() {
        return following.state() == State.ELSEWHERE || following.state() == State.REFUTED;
    }
}
