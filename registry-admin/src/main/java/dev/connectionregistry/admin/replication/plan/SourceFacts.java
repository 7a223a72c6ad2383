package dev.connectionregistry.admin.replication.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a plan is made of.
 *
 * @param sourceMajor the source's major version
 * @param targetMajor the target's
 * @param counting how long the source's statistics have been counting; empty if it doesn't say
 * @param tables every table but those of extensions and of the system
 */
public record SourceFacts(int sourceMajor, int targetMajor, Optional<Duration> counting, List<TableFacts> tables) {
    private static final int BOTH_VIA_ROOT = 13;
    private static final int BOTH_FILTER_ROWS = 15;

    /** Copies the list. */
    public SourceFacts {
        tables = List.copyOf(tables);
    }

    /** Whether partitioned tables go through their root, so that the two sides may be partitioned differently. */
    public boolean viaRoot() {
        return sourceMajor >= BOTH_VIA_ROOT && targetMajor >= BOTH_VIA_ROOT;
    }

    /** Whether rows can be filtered, also in the copy, which the subscriber must know how to ask for. */
    public boolean filtersRows() {
        return sourceMajor >= BOTH_FILTER_ROWS && targetMajor >= BOTH_FILTER_ROWS;
    }
}
