package dev.connectionregistry.samples.fleet.measure;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When each instance moved.
 *
 * @param byInstance the time at which an instance first said that it serves from the target; empty if it never did
 */
public record Moves(Map<String, Optional<Long>> byInstance) {

    /** From what the instances said about themselves. */
    public static Moves of(Map<String, List<Status>> statuses, int targetPort) {
        Map<String, Optional<Long>> moves = new TreeMap<>();
        statuses.forEach((name, list) -> moves.put(
                name,
                list.stream()
                        .filter(status ->
                                status.port() == targetPort && status.state().equals("ACTIVE"))
                        .map(Status::atMicros)
                        .findFirst()));
        return new Moves(moves);
    }

    /** When each instance that had gone to the target served from another one again. */
    public static Moves backOf(Map<String, List<Status>> statuses, int targetPort) {
        Map<String, Optional<Long>> moves = new TreeMap<>();
        statuses.forEach((name, list) -> moves.put(
                name,
                list.stream()
                        .filter(status -> status.state().equals("ACTIVE"))
                        .dropWhile(status -> status.port() != targetPort)
                        .filter(status -> status.port() != targetPort)
                        .map(Status::atMicros)
                        .findFirst()));
        return new Moves(moves);
    }

    /** From the write of the endpoint to the last instance's move, in micros; -1 if one did not move, or there is none. */
    public long lastAfter(long writeMicros) {
        if (byInstance.isEmpty() || byInstance.values().stream().anyMatch(Optional::isEmpty)) {
            return -1;
        }
        long last = byInstance.values().stream()
                .mapToLong(Optional::orElseThrow)
                .max()
                .orElseThrow();
        return Math.max(0, last - writeMicros);
    }
}
