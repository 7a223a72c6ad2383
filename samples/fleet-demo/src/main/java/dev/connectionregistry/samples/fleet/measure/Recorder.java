package dev.connectionregistry.samples.fleet.measure;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what the instances tell. Thread-safe. */
public final class Recorder {
    private static final long WINDOW_MICROS = 1_000_000;

    /** All fields are guarded by "this". */
    private final List<Done> work = new ArrayList<>();

    private final Map<String, List<Status>> statuses = new TreeMap<>();
    private final Deque<Done> window = new ArrayDeque<>();
    private final Map<String, Integer> windowCounts = new TreeMap<>();
    private final Deque<String> windowNames = new ArrayDeque<>();
    private String unit = Work.READ.unit();
    private long statements;
    private long failed;
    private String firstFailure = "";

    /**
     * The last second of the whole fleet.
     *
     * @param unit what is counted: statements, or requests
     * @param statements acknowledged since the beginning
     * @param failed since the beginning
     * @param firstFailure its text; empty if there is none
     * @param latency micros of the last second's work
     * @param statementsPerSecond in the last second
     * @param instances by name
     */
    public record Now(
            String unit,
            long statements,
            long failed,
            String firstFailure,
            Percentiles latency,
            int statementsPerSecond,
            Map<String, Instance> instances) {}

    /**
     * One instance.
     *
     * @param version of the settings that it serves
     * @param port the server it is on
     * @param state what it says it is doing
     * @param perSecond pieces of work in the last second
     */
    public record Instance(long version, int port, String state, int perSecond) {}

    /** Takes an event in. */
    public synchronized void add(String instance, InstanceEvent event) {
        if (event instanceof Status status) {
            statuses.computeIfAbsent(instance, name -> new ArrayList<>()).add(status);
        } else if (event instanceof Done done) {
            work.add(done);
            unit = done.work().unit();
            window.add(done);
            windowNames.add(instance);
            windowCounts.merge(instance, 1, Integer::sum);
            if (!done.failed()) {
                statements += done.work().statements();
            } else if (failed++ == 0) {
                firstFailure = instance + ": " + done.failure();
            }
        }
    }

    /** How many instances have told of themselves. */
    public synchronized int instances() {
        return statuses.size();
    }

    /** All work so far. */
    public synchronized List<Done> work() {
        return List.copyOf(work);
    }

    /** Every status of every instance, in order, by name. */
    public synchronized Map<String, List<Status>> statuses() {
        Map<String, List<Status>> copy = new TreeMap<>();
        statuses.forEach((name, list) -> copy.put(name, List.copyOf(list)));
        return copy;
    }

    /** The last second before {@code nowMicros}. */
    public synchronized Now now(long nowMicros) {
        while (!window.isEmpty() && window.getFirst().endMicros() < nowMicros - WINDOW_MICROS) {
            window.removeFirst();
            windowCounts.merge(windowNames.removeFirst(), -1, Integer::sum);
        }
        Map<String, Instance> instances = new TreeMap<>();
        statuses.forEach((name, list) -> {
            Status last = list.get(list.size() - 1);
            instances.put(
                    name, new Instance(last.version(), last.port(), last.state(), windowCounts.getOrDefault(name, 0)));
        });
        int perSecond = window.stream()
                .filter(done -> !done.failed())
                .mapToInt(done -> done.work().statements())
                .sum();
        return new Now(
                unit,
                statements,
                failed,
                firstFailure,
                Percentiles.of(window.stream().mapToLong(Done::micros)),
                perSecond,
                instances);
    }
}
