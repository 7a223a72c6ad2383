package dev.connectionregistry.benchmarks.cutover.load;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the callers saw.
 *
 * @param latencies of the statements that began while it was measured, from asking for a connection to giving it back,
 *     failed ones too
 * @param failed how many failed since the load began, measured or not
 * @param firstFailure one of them, if there was one: SQLState and message
 * @param acknowledged the ids of all rows whose insert came back without an error, measured or not
 */
public record Observed(Latencies latencies, int failed, Optional<String> firstFailure, List<UUID> acknowledged) {
    /** What the callers of several loads saw. */
    public static Observed together(List<Observed> all) {
        Latencies latencies = new Latencies();
        all.forEach(each -> latencies.addAll(each.latencies));
        return new Observed(
                latencies,
                all.stream().mapToInt(Observed::failed).sum(),
                all.stream().flatMap(each -> each.firstFailure.stream()).findFirst(),
                all.stream().flatMap(each -> each.acknowledged.stream()).toList());
    }
}
