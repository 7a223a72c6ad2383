package dev.connectionregistry.benchmarks.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.registry.InstanceState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What instances and their callers saw; of one process or, {@link #merge merged}, of several.
 *
 * @param longestMillis the longest statement that began while it was measured
 * @param failed how many statements failed since the load began
 * @param firstFailure one of them; empty if there was none
 * @param acknowledged the ids of all rows whose insert came back without an error
 * @param last when the last instance came to each state, as {@link Instant}s; without those that one of them never had
 * @param reads of the registry, by second of the epoch
 * @param writes the same of reports
 * @param threads the most threads at a time that the instances had of their own, all together
 */
record Seen(
        double longestMillis,
        int failed,
        String firstFailure,
        List<UUID> acknowledged,
        Map<InstanceState, String> last,
        Map<Long, Integer> reads,
        Map<Long, Integer> writes,
        int threads) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As one line. */
    String line() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("what the instances saw cannot be written", e);
        }
    }

    /**
     * What {@link #line} wrote.
     *
     * @throws BenchmarkException if it is something else
     */
    static Seen parse(String line) {
        try {
            return JSON.readValue(line, Seen.class);
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("a process of instances wrote something else than what they saw: " + line, e);
        }
    }

    /** What all of them saw; at least one. */
    static Seen merge(List<Seen> parts) {
        List<UUID> acknowledged = new ArrayList<>();
        Map<InstanceState, String> last = new EnumMap<>(InstanceState.class);
        last.putAll(parts.get(0).last);
        Map<Long, Integer> reads = new TreeMap<>();
        Map<Long, Integer> writes = new TreeMap<>();
        for (Seen part : parts) {
            acknowledged.addAll(part.acknowledged);
            part.reads.forEach((second, count) -> reads.merge(second, count, Integer::sum));
            part.writes.forEach((second, count) -> writes.merge(second, count, Integer::sum));
            last.keySet().retainAll(part.last.keySet());
            last.replaceAll((state, moment) -> later(moment, part.last.getOrDefault(state, moment)));
        }
        return new Seen(
                parts.stream().mapToDouble(Seen::longestMillis).max().orElse(0),
                parts.stream().mapToInt(Seen::failed).sum(),
                parts.stream()
                        .map(Seen::firstFailure)
                        .filter(failure -> !failure.isEmpty())
                        .findFirst()
                        .orElse(""),
                acknowledged,
                last,
                reads,
                writes,
                parts.stream().mapToInt(Seen::threads).sum());
    }

    private static String later(String one, String other) {
        return Instant.parse(one).isAfter(Instant.parse(other)) ? one : other;
    }

    /** When the last instance came to each state. */
    Map<InstanceState, Instant> moments() {
        Map<InstanceState, Instant> moments = new EnumMap<>(InstanceState.class);
        last.forEach((state, moment) -> moments.put(state, Instant.parse(moment)));
        return moments;
    }

    /** The most requests of one second of a time. */
    static int busiest(Map<Long, Integer> perSecond, Instant from, Instant to) {
        return perSecond.entrySet().stream()
                .filter(each -> each.getKey() >= from.getEpochSecond() && each.getKey() <= to.getEpochSecond())
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElse(0);
    }
}
