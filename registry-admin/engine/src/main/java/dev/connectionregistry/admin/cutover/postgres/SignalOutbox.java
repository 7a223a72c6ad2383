package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.core.internal.signal.Announcement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Which notifications a run sends, and when. Every announcement is sent, in order; several waiting hints become one. The last text is
 * repeated until it is {@link #settled}. A heartbeat shows that signals arrive. No I/O, and no clock of its own; not thread-safe.
 */
final class SignalOutbox {
    /** The text of a hint. */
    static final String HINT = "";

    static final Duration HEARTBEAT = Duration.ofSeconds(1);
    /**
     * How long after a text was sent it is sent again; after these, with each heartbeat. Not earlier, since each text
     * wakes all instances, even those that have it already, and an instance that reconnects reads what it has missed.
     */
    private static final List<Duration> REPEATS = List.of(Duration.ofMillis(250));

    /** A run announces three versions. While the server can't be reached, the newest are the ones that count. */
    private static final int MOST_WAITING = 16;

    private final Deque<String> waiting = new ArrayDeque<>();
    private Optional<Sent> last = Optional.empty();
    private long heartbeatAt;

    /** The first heartbeat is due at {@code now}. */
    SignalOutbox(long now) {
        heartbeatAt = now;
    }

    /** The last text, when it was last sent, and how often it was repeated. */
    private record Sent(String text, long at, int repeats) {
        long nextAt() {
            return at + REPEATS.get(repeats).toNanos();
        }

        boolean repeatsBetweenHeartbeats() {
            return repeats < REPEATS.size();
        }

        Sent again() {
            return new Sent(text, at, repeats + 1);
        }
    }

    void hint() {
        if (!HINT.equals(waiting.peekLast())) {
            add(HINT);
        }
    }

    void announce(Announcement announcement) {
        add(announcement.text());
    }

    private void add(String text) {
        if (waiting.size() == MOST_WAITING) {
            waiting.removeFirst();
        }
        waiting.addLast(text);
    }

    /** Stops repeating the last text; waiting texts are still sent. */
    void settled() {
        last = Optional.empty();
    }

    /**
     * What is to be sent at one moment.
     *
     * @param texts the texts of the notifications, in order
     * @param first whether this text was not sent before
     */
    record Due(List<String> texts, boolean first) {}

    /** What is to be sent at {@code now}. The caller confirms it with {@link #sent}. */
    Due due(long now) {
        if (!waiting.isEmpty()) {
            return new Due(List.of(waiting.getFirst()), true);
        }
        boolean beats = now - heartbeatAt >= 0;
        List<String> due = new ArrayList<>();
        last.filter(sent -> sent.repeatsBetweenHeartbeats() ? now - sent.nextAt() >= 0 : beats)
                .ifPresent(sent -> due.add(sent.text()));
        if (beats) {
            due.add(Announcement.HEARTBEAT);
        }
        return new Due(due, false);
    }

    /** All of {@code due} was sent at {@code now}. */
    void sent(Due due, long now) {
        if (due.first()) {
            String text = due.texts().get(0);
            waiting.removeFirstOccurrence(text);
            last = Optional.of(new Sent(text, now, 0));
            return;
        }
        if (due.texts().contains(Announcement.HEARTBEAT)) {
            heartbeatAt = now + HEARTBEAT.toNanos();
        }
        last = last.map(sent -> due.texts().contains(sent.text()) ? sent.again() : sent);
    }

    /** The longest time until something is due; zero if it is already. */
    Duration untilDue(long now) {
        if (!due(now).texts().isEmpty()) {
            return Duration.ZERO;
        }
        long repeatAt =
                last.filter(Sent::repeatsBetweenHeartbeats).map(Sent::nextAt).orElse(heartbeatAt);
        return Duration.ofNanos(Math.min(repeatAt - now, heartbeatAt - now));
    }
}
