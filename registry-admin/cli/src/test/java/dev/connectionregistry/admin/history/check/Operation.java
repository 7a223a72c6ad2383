package dev.connectionregistry.admin.history.check;

import java.util.Optional;

/**
 * One operation of one writer.
 *
 * @param process the process that did it
 * @param begin its invocation
 * @param end its end; empty if its process was killed first, or it hangs
 */
public record Operation(String process, HistoryLine.Invoked begin, Optional<HistoryLine.Ended> end) {
    /** The thread, unique in the fleet. */
    public String writer() {
        return begin.writer();
    }

    /** Counts the writer's operations; with the writer's name the id of what an INSERT inserts. */
    public long number() {
        return begin.number();
    }

    /** What it is. */
    public Kind kind() {
        return begin.kind();
    }

    /** How it ended; an operation without an end may have taken effect. */
    public Outcome outcome() {
        return end.map(HistoryLine.Ended::outcome).orElse(Outcome.UNKNOWN);
    }

    /** Whether it is a {@code kind} that ended as {@code outcome}. */
    public boolean is(Kind wanted, Outcome how) {
        return kind() == wanted && outcome() == how;
    }

    /** When it began. */
    public long startMicros() {
        return begin.micros();
    }

    /** How long its caller waited; 0 without an end. */
    public long micros() {
        return end.map(ended -> ended.micros() - begin.micros()).orElse(0L);
    }

    /** The server that it ran on; 0 if none. */
    public int port() {
        return end.map(HistoryLine.Ended::port).orElse(0);
    }

    /** {@code checkout-1.3#42 INSERT on 5432: OK after 1.2 ms}, with the failure if there is one. */
    @Override
    public String toString() {
        String how = end.map(ended -> ended.outcome() + " after " + micros() / 1_000.0 + " ms"
                        + (ended.detail().isEmpty() ? "" : ", " + ended.detail()))
                .orElse("without an end");
        return writer() + "#" + number() + " " + kind() + " on " + port() + " at " + startMicros() + ": " + how;
    }
}
