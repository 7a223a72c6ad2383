package dev.connectionregistry.admin.history.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes operations of lines, as they come from the processes. Thread-safe; lines of one process must come in order. */
public final class Recorder {
    /** Guarded by "this", as all below. */
    private final List<Operation> ended = new ArrayList<>();

    private final Map<String, Operation> open = new HashMap<>();
    private final Map<String, Map<Integer, Long>> lastWrites = new HashMap<>();
    private final Map<String, HistoryLine.Status> latest = new HashMap<>();

    /**
     * Takes a line.
     *
     * @throws IllegalArgumentException if an operation ends that hasn't begun
     */
    public synchronized void accept(String process, HistoryLine line) {
        if (line instanceof HistoryLine.Invoked invoked) {
            open.put(invoked.writer(), new Operation(process, invoked, Optional.empty()));
        } else if (line instanceof HistoryLine.Ended end) {
            accept(process, end);
        } else if (line instanceof HistoryLine.Status status) {
            latest.put(process, status);
        }
    }

    private void accept(String process, HistoryLine.Ended end) {
        Operation begun = open.remove(end.writer());
        if (begun == null || begun.number() != end.number()) {
            throw new IllegalArgumentException("an end without a beginning: " + end.text());
        }
        Operation operation = new Operation(process, begun.begin(), Optional.of(end));
        ended.add(operation);
        if (operation.kind().writes() && operation.outcome() == Outcome.OK) {
            lastWrites
                    .computeIfAbsent(process, name -> new HashMap<>())
                    .merge(operation.port(), operation.startMicros(), Math::max);
        }
    }

    /** All there is, in the order of their ends, those without an end last. */
    public synchronized List<Operation> operations() {
        List<Operation> all = new ArrayList<>(ended);
        all.addAll(open.values());
        return all;
    }

    /** Whether a write of this process that began after {@code micros} was acknowledged by the server on that port. */
    public synchronized boolean wroteSince(String process, int port, long micros) {
        return lastWrites.getOrDefault(process, Map.of()).getOrDefault(port, 0L) > micros;
    }

    /** What the process last said about its data source. */
    public synchronized Optional<HistoryLine.Status> status(String process) {
        return Optional.ofNullable(latest.get(process));
    }
}
