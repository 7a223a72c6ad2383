package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a plan is made from.
 *
 * @param sourceMajor the source's major version
 * @param targetMajor the target's major version
 * @param counting how long the source's statistics have been counting; empty if it doesn't say
 * @param tables every table except those of extensions and of the system
 * @param extensionTables tables that belong to extensions, each with its extension's name
 */
public record SourceFacts(
        int sourceMajor,
        int targetMajor,
        Optional<Duration> counting,
        List<TableFacts> tables,
        Map<TableName, String> extensionTables) {
    private static final int BOTH_VIA_ROOT = 13;
    private static final int BOTH_FILTER_ROWS = 15;
    private static final int NAMED = 5;

    public SourceFacts {
        tables = List.copyOf(tables);
        extensionTables = Collections.unmodifiableMap(new TreeMap<>(extensionTables));
    }

    /** Whether partitioned tables go through their root, so that the two sides may be partitioned differently. */
    public boolean viaRoot() {
        return sourceMajor >= BOTH_VIA_ROOT && targetMajor >= BOTH_VIA_ROOT;
    }

    /** The tables that aren't in a plan because extensions bring them, in words; empty if there are none. */
    public String leftToExtensions() {
        String names = extensionTables.entrySet().stream()
                .limit(NAMED)
                .map(each -> each.getKey() + " (" + each.getValue() + ")")
                .collect(Collectors.joining(", "));
        int more = extensionTables.size() - NAMED;
        return extensionTables.isEmpty()
                ? ""
                : "not in the plan, since they belong to extensions: " + names
                        + (more > 0 ? " and " + more + " more" : "")
                        + ". CREATE EXTENSION makes them on the target; rows that you put into them aren't replicated";
    }

    /** Whether rows can be filtered, even in the copy, for which the subscriber must know how to ask. */
    public boolean filtersRows() {
        return sourceMajor >= BOTH_FILTER_ROWS && targetMajor >= BOTH_FILTER_ROWS;
    }
}
