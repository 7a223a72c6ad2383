package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Jitter;
import dev.connectionregistry.core.internal.follow.Reading;
import dev.connectionregistry.core.internal.follow.Reading.Trouble;
import dev.connectionregistry.core.internal.follow.RegistryReads;
import dev.connectionregistry.core.internal.follow.Verdict;
import dev.connectionregistry.registry.ReadResult;
import java.time.Duration;
import org.slf4j.event.Level;

/**
 * The meaning of the registry's answer, and when to read next. No answer of any kind stops polling, and only good,
 * newer settings change anything; everything else is a failure, logged once when it begins and once when it ends.
 */
final class ReadDecisions {
    /** Errors that suggest a moved database cause at most one read in this time. */
    static final Duration SIGN_EVERY = Duration.ofSeconds(1);
    /** Hints cause at most one read in this time, no matter how many there are. */
    static final Duration HINT_EVERY = Duration.ofMillis(10);
    /** While a cutover's signals work, reads are only needed in case a signal is lost. */
    private static final Duration SLOW = Duration.ofSeconds(5);
    /** About how often the registry is read until it shows a version that was announced. */
    private static final Duration UNREAD = Duration.ofSeconds(1);

    private ReadDecisions() {}

    static Decision read(ClientState state, long now) {
        Reading reading = state.reading();
        if (reading.inFlight()) {
            return Decision.of(state);
        }
        Reading begun = reading.begun(now);
        return Decision.of(state.withReading(begun), new Effect.Read(begun.number()));
    }

    /** A hint is a reason to read, no more: it may be lost, late, duplicated or forged. */
    static Decision signalled(ClientState state, long now) {
        if (state.transition().isEmpty()) {
            return Decision.of(state);
        }
        if (state.reading().inFlight()) {
            return Decision.of(state.withReading(state.reading().hinted()));
        }
        Duration wait = untilNextHint(state, now);
        return wait.isZero()
                ? read(state, now)
                : Decision.of(state.withReading(state.reading().hinted()), new Effect.PollAfter(wait, Jitter.NONE));
    }

    private static Duration untilNextHint(ClientState state, long now) {
        Duration since = state.reading().age(now);
        return since.compareTo(HINT_EVERY) >= 0 ? Duration.ZERO : HINT_EVERY.minus(since);
    }

    /**
     * Brings the next read forward, never back: a read that a hint has asked for may come sooner than this event
     * allows.
     */
    static Decision movedSign(ClientState state, String sqlState, long now) {
        if (state.serving() == null
                || state.reading().inFlight()
                || state.reading().again()) {
            return Decision.of(state);
        }
        Duration since = state.reading().age(now);
        if (since.compareTo(SIGN_EVERY) >= 0) {
            return read(state, now).and(log(Level.DEBUG, "SQLState " + sqlState + ": reading the registry at once"));
        }
        boolean comesLater =
                pause(state).compareTo(SIGN_EVERY) > 0 || state.reading().isBackingOff();
        return comesLater
                ? Decision.of(state, new Effect.PollAfter(SIGN_EVERY.minus(since), Jitter.NONE))
                : Decision.of(state); // the next read is scheduled for about then anyway
    }

    /** Whether a read is under way, or scheduled for a time that nothing may delay. */
    static boolean comesSoon(ClientState state) {
        Reading reading = state.reading();
        return reading.inFlight()
                || reading.again()
                || reading.isBackingOff()
                || state.signals().awaitsRead();
    }

    static Decision overdue(ClientState state, long number, long now) {
        return returned(state, number, RegistryReads.noEnd(), now);
    }

    static Decision returned(ClientState state, long number, ReadResult result, long now) {
        Reading reading = state.reading();
        if (!reading.awaits(number)) {
            return Decision.of(state); // abandoned earlier, or older than what a signal has announced since
        }
        ClientState landed = state.withReading(reading.ended());
        return interpret(landed, result).then(after -> planNext(after, now));
    }

    private static Decision interpret(ClientState state, ReadResult result) {
        Verdict verdict = Verdict.of(state.knownSettings(), result);
        if (verdict instanceof Verdict.Newer newer) {
            SettingsToServe target = SettingsToServe.of(newer.found());
            return untroubled(shown(state)).then(calm -> TransitionDecisions.accept(calm, target));
        }
        if (verdict instanceof Verdict.Same) {
            return untroubled(shown(state));
        }
        if (verdict instanceof Verdict.Confirmed confirmed) {
            SettingsToServe target = SettingsToServe.of(confirmed.found());
            return untroubled(shown(state)).then(calm -> TransitionDecisions.confirmed(calm, target));
        }
        if (verdict instanceof Verdict.Older older) {
            return state.signals().awaitsRead() ? Decision.of(state) : trouble(state, older.trouble());
        }
        if (verdict instanceof Verdict.Changed changed) {
            return trouble(shown(state), changed.trouble());
        }
        if (verdict instanceof Verdict.Unusable unusable) {
            return unusable(state, unusable.trouble());
        }
        if (verdict instanceof Verdict.Absent absent) {
            return absent(state, absent.trouble());
        }
        if (verdict instanceof Verdict.Unanswered unanswered) {
            return trouble(state, unanswered.trouble());
        }
        throw new AssertionError(verdict);
    }

    /** The registry now returns what was announced. */
    private static ClientState shown(ClientState state) {
        return state.withSignals(state.signals().nowRead());
    }

    /** While this lasts, the current pool stays in use, and a start uses what else there is. */
    private static Decision unusable(ClientState state, Trouble trouble) {
        Decision troubled = trouble(state, trouble);
        return state.serving() == null && state.opening() == null
                ? troubled.then(GenerationDecisions::startWithoutRegistry)
                : troubled;
    }

    private static Decision absent(ClientState state, Trouble trouble) {
        return state.serving() == null
                ? Decision.of(
                        state.withOpening(null),
                        new Effect.FailStart(
                                trouble.message() + "; add it with 'registry-admin add', or correct the name"))
                : trouble(state, trouble);
    }

    private static Decision trouble(ClientState state, Trouble trouble) {
        Reading before = state.reading();
        ClientState troubled = state.withReading(before.troubled(trouble));
        return before.isNews(trouble)
                ? Decision.of(troubled, log(Level.WARN, trouble.message() + meanwhile(state)))
                : Decision.of(troubled);
    }

    private static String meanwhile(ClientState state) {
        ClientState.Serving serving = state.serving();
        return serving == null ? "" : " (still serving from " + serving.target().name() + ")";
    }

    private static Decision untroubled(ClientState state) {
        Reading before = state.reading();
        ClientState calm = state.withReading(before.untroubled());
        return before.trouble() == null ? Decision.of(calm) : Decision.of(calm, log(Level.INFO, before.recovery()));
    }

    /**
     * After an answer, good or bad, the next read follows at the poll interval, or later while signals work. Without an
     * answer, the delay grows, with full jitter, up to the larger of the interval and 30 s.
     */
    private static Decision planNext(ClientState state, long now) {
        Reading reading = state.reading();
        if (reading.again()) {
            return Decision.of(state, new Effect.PollAfter(untilNextHint(state, now), Jitter.NONE));
        }
        if (!reading.isBackingOff()) {
            return Decision.of(state, afterAnswer(state));
        }
        Duration atMost = reading.backoff(state.interval(), state.serving() != null);
        return Decision.of(state, new Effect.PollAfter(atMost, Jitter.FULL));
    }

    private static Effect afterAnswer(ClientState state) {
        boolean spread = state.pollsSlowly() && !state.signals().awaitsRead();
        return new Effect.PollAfter(pause(state), spread ? Jitter.HALF : Jitter.TENTH);
    }

    /** About how long after an answer the next read follows. */
    private static Duration pause(ClientState state) {
        Duration interval = state.interval();
        if (state.signals().awaitsRead()) {
            return interval.compareTo(UNREAD) < 0 ? interval : UNREAD;
        }
        return state.pollsSlowly() && interval.compareTo(SLOW) < 0 ? SLOW : interval;
    }

    private static Effect log(Level level, String message) {
        return new Effect.Log(level, message);
    }
}
