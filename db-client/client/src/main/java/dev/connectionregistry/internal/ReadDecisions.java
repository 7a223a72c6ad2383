package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.codec.VersionBounds;
import dev.connectionregistry.internal.ClientState.Reading;
import dev.connectionregistry.internal.ClientState.Trouble;
import dev.connectionregistry.internal.Effect.Jitter;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.status.SettingsSource;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * What an answer of the registry means, and when to read next. No answer of any kind ends the polling, and only good, newer
 * settings change anything; everything else is trouble, said once when it begins and once when it ends.
 */
final class ReadDecisions {
    /** Signs of a moved database cause at most one read in this time. */
    static final Duration SIGN_EVERY = Duration.ofSeconds(1);
    /** Hints cause at most one read in this time, no matter how many there are. */
    static final Duration HINT_EVERY = Duration.ofMillis(10);
    /** While a cutover's signals work, reads are only there in case one is lost. */
    private static final Duration SLOW = Duration.ofSeconds(5);
    /** About how often the registry is read until it shows a version that was announced. */
    private static final Duration UNREAD = Duration.ofSeconds(1);
    /** While starting, an unreadable registry is tried again at least this often. */
    private static final Duration START_RETRY = Duration.ofMillis(500);

    private ReadDecisions() {}

    static Decision read(ClientState state, long now) {
        Reading reading = state.reading();
        if (reading.inFlight()) {
            return Decision.of(state);
        }
        Reading begun = reading.begun(now);
        return Decision.of(state.withReading(begun), new Effect.Read(begun.number()));
    }

    /** A hint is worth a read, not more: it may be lost, late, doubled or forged. */
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
        Duration since = Duration.ofNanos(now - state.reading().startedNanos());
        return since.compareTo(HINT_EVERY) >= 0 ? Duration.ZERO : HINT_EVERY.minus(since);
    }

    /** Brings the next read forward, never back: one that a hint has asked for comes sooner than a sign may have it. */
    static Decision movedSign(ClientState state, String sqlState, long now) {
        if (state.serving() == null
                || state.reading().inFlight()
                || state.reading().again()) {
            return Decision.of(state);
        }
        Duration since = Duration.ofNanos(now - state.reading().startedNanos());
        if (since.compareTo(SIGN_EVERY) >= 0) {
            return read(state, now).and(log(Level.DEBUG, "SQLState " + sqlState + ": reading the registry at once"));
        }
        boolean comesLater = pause(state).compareTo(SIGN_EVERY) > 0 || isBackingOff(state.reading());
        return comesLater
                ? Decision.of(state, new Effect.PollAfter(SIGN_EVERY.minus(since), Jitter.NONE))
                : Decision.of(state); // the next read is planned for about then anyhow
    }

    /** Whether a read is under way, or planned for a time that nothing may put off. */
    static boolean comesSoon(ClientState state) {
        Reading reading = state.reading();
        return reading.inFlight()
                || reading.again()
                || isBackingOff(reading)
                || state.signals().awaitsRead();
    }

    private static boolean isBackingOff(Reading reading) {
        return reading.trouble() != null && !reading.trouble().answered();
    }

    static Decision overdue(ClientState state, long number, long now) {
        RegistryException problem =
                new RegistryException(RegistryException.Kind.UNREACHABLE, "the read did not come to an end", null);
        return returned(state, number, new ReadResult.Unreadable(problem), now);
    }

    static Decision returned(ClientState state, long number, ReadResult result, long now) {
        Reading reading = state.reading();
        if (!reading.awaits(number)) {
            return Decision.of(state); // given up earlier, or older than what a signal has announced since
        }
        ClientState landed = state.withReading(reading.ended());
        return interpret(landed, result).then(after -> planNext(after, now));
    }

    private static Decision interpret(ClientState state, ReadResult result) {
        if (result instanceof ReadResult.Found found) {
            return found(state, found.settings());
        }
        if (result instanceof ReadResult.Absent absent) {
            return absent(state, absent);
        }
        if (result instanceof ReadResult.Malformed malformed) {
            String which =
                    malformed.version().map(number -> "version " + number).orElse("the current version");
            return unusable(
                    state,
                    "malformed " + which,
                    which + " in the registry can't be used: " + malformed.problem(),
                    malformed.version());
        }
        if (result instanceof ReadResult.Unreadable unreadable) {
            RegistryException problem = unreadable.problem();
            String message = "the registry can't be read: " + problem.getMessage();
            return trouble(state, new Trouble(problem.kind().name(), message, false, Optional.empty()));
        }
        throw new AssertionError(result);
    }

    /** As long as it stands the pool that serves goes on, and a start takes what else there is. */
    private static Decision unusable(ClientState state, String kind, String message, Optional<Long> version) {
        Decision troubled = trouble(state, new Trouble(kind, message, true, version));
        return state.serving() == null && state.opening() == null
                ? troubled.then(GenerationDecisions::startWithoutRegistry)
                : troubled;
    }

    private static Decision found(ClientState state, VersionedSettings found) {
        SettingsToServe target = SettingsToServe.of(found);
        SettingsToServe newest = state.newest();
        long known = state.known();
        if (!VersionBounds.isPlausible(known, found.version())) {
            return unusable(
                    state,
                    "implausible " + found.version(),
                    "version " + found.version() + " in the registry can't be used: "
                            + VersionBounds.complaint(known, found.version()),
                    Optional.of(found.version()));
        }
        if (newest != null && found.version() < newest.version()) {
            return state.signals().awaitsRead()
                    ? Decision.of(state)
                    : trouble(
                            state,
                            "older " + found.version(),
                            "the registry answered version " + found.version() + " after version " + newest.version()
                                    + "; older settings are never taken: write them again as a newer version if they are meant");
        }
        ClientState shown = state.withSignals(state.signals().nowRead());
        if (newest == null || found.version() > newest.version()) {
            return untroubled(shown).then(calm -> TransitionDecisions.accept(calm, target));
        }
        boolean confirmed = newest.source() == SettingsSource.REGISTRY;
        if (!found.settings().equals(newest.settings())
                || (confirmed && !found.transition().equals(newest.transition()))) {
            return trouble(
                    shown,
                    "changed " + found.version(),
                    "the registry answered version " + found.version()
                            + " with another content than before; a version never changes: write a newer one");
        }
        return untroubled(shown)
                .then(calm -> confirmed ? Decision.of(calm) : TransitionDecisions.confirmed(calm, target));
    }

    private static Decision absent(ClientState state, ReadResult.Absent absent) {
        String what = absent.removedAt()
                .map(removed -> "the database was removed from the registry by "
                        + removed.change().by() + " in version " + removed.version())
                .orElse("the registry says that there is no such database");
        if (state.serving() == null) {
            return Decision.of(
                    state.withOpening(null),
                    new Effect.FailStart(what + "; add it with 'registry-admin add', or correct the name"));
        }
        return trouble(state, "absent", what);
    }

    private static Decision trouble(ClientState state, String kind, String message) {
        return trouble(state, new Trouble(kind, message, true, Optional.empty()));
    }

    private static Decision trouble(ClientState state, Trouble trouble) {
        Reading before = state.reading();
        Trouble known = before.trouble();
        boolean sameSort =
                known != null && known.answered() == trouble.answered(); // the back-off is for no answer only
        ClientState troubled = state.withReading(before.with(sameSort ? before.failures() + 1 : 1, trouble));
        return known != null && known.kind().equals(trouble.kind())
                ? Decision.of(troubled)
                : Decision.of(troubled, log(Level.WARN, trouble.message() + meanwhile(state)));
    }

    private static String meanwhile(ClientState state) {
        ClientState.Serving serving = state.serving();
        return serving == null ? "" : " (serving on from " + serving.target().name() + ")";
    }

    private static Decision untroubled(ClientState state) {
        Reading before = state.reading();
        @Nullable Trouble known = before.trouble();
        ClientState calm = state.withReading(before.with(0, null));
        return known == null
                ? Decision.of(calm)
                : Decision.of(
                        calm,
                        log(
                                Level.INFO,
                                "the registry answers as it should again, after " + before.failures()
                                        + " read(s) that could not be used"));
    }

    /**
     * An answer, good or bad, is followed by the interval, or by a longer one while signals work. Without an answer the time to the next
     * read grows, with full jitter, up to the larger of the interval and 30 s.
     */
    private static Decision planNext(ClientState state, long now) {
        Reading reading = state.reading();
        if (reading.again()) {
            return Decision.of(state, new Effect.PollAfter(untilNextHint(state, now), Jitter.NONE));
        }
        if (!isBackingOff(reading)) {
            return Decision.of(state, afterAnswer(state));
        }
        Duration atMost = state.serving() == null ? START_RETRY : Backoff.poll(state.interval(), reading.failures());
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
