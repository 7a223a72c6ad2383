package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.core.internal.signal.Announcement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What a run has to say, and when. Announcements are sent each by itself and in order; hints are alike, so one says as much as
 * many. What was said last is repeated until everybody is there. A heartbeat shows in between that signals arrive. No I/O, and no
 * clock of its own; not thread-safe.
 */
final class SignalOutbox {
    /** The text of a hint. */
    static final String HINT = "";

    static final Duration HEARTBEAT = Duration.ofSeconds(1);
    /** How long after something was said it is said again; after these, with each heartbeat. */
    private static final List<Duration> REPEATS = List.of(Duration.ofMillis(50), Duration.ofMillis(250));

    /** A run announces three versions; with a server that is out of reach the newest are the ones that count. */
    private static final int MOST_WAITING = 16;

    private final Deque<String> waiting = new ArrayDeque<>();
    private Optional<Said> last = Optional.empty();
    private long heartbeatAt;

    /** The first heartbeat is due at {@code now}. */
    SignalOutbox(long now) {
        heartbeatAt = now;
    }

    /** What was said last, when, and how often since. */
    private record Said(String text, long at, int repeats) {
        long nextAt() {
            return at + REPEATS.get(repeats).toNanos();
        }

        boolean repeatsBetweenHeartbeats() {
            return repeats < REPEATS.size();
        }

        Said again() {
            return new Said(text, at, repeats + 1);
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

    /** What was said last is not repeated any more. What waits to be said is said. */
    void settled() {
        last = Optional.empty();
    }

    /**
     * What is to be sent at one moment.
     *
     * @param texts of the notifications, in order
     * @param first whether this is said for the first time
     */
    record Due(List<String> texts, boolean first) {}

    /** What is to be sent at {@code now}; to be confirmed by {@link #sent} once it is. */
    Due due(long now) {
        if (!waiting.isEmpty()) {
            return new Due(List.of(waiting.getFirst()), true);
        }
        boolean beats = now - heartbeatAt >= 0;
        List<String> due = new ArrayList<>();
        last.filter(said -> said.repeatsBetweenHeartbeats() ? now - said.nextAt() >= 0 : beats)
                .ifPresent(said -> due.add(said.text()));
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
            last = Optional.of(new Said(text, now, 0));
            return;
        }
        if (due.texts().contains(Announcement.HEARTBEAT)) {
            heartbeatAt = now + HEARTBEAT.toNanos();
        }
        last = last.map(said -> due.texts().contains(said.text()) ? said.again() : said);
    }

    /** The longest time until something is due; zero if it is already. */
    Duration untilDue(long now) {
        if (!due(now).texts().isEmpty()) {
            return Duration.ZERO;
        }
        long repeatAt =
                last.filter(Said::repeatsBetweenHeartbeats).map(Said::nextAt).orElse(heartbeatAt);
        return Duration.ofNanos(Math.min(repeatAt - now, heartbeatAt - now));
    }
}
