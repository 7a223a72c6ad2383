package dev.connectionregistry.admin.replication.status;

import java.time.Duration;
import java.util.List;

/**
 * What counts as healthy. Immutable.
 *
 * @param except tables that are left out on purpose, as people write them
 * @param maxLag bytes that the target may be behind
 * @param maxDelay time that it may be behind
 */
public record StatusOptions(List<String> except, long maxLag, Duration maxDelay) {
    /** Copies the list. */
    public StatusOptions {
        except = List.copyOf(except);
    }
}
