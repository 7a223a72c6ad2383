package dev.connectionregistry.core.internal.follow;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How reading the registry goes. Immutable; its methods make the next one.
 *
 * @param number counts reads, so that an answer that comes too late is recognised
 * @param inFlight whether one is under way
 * @param startedNanos when the last one was started, on the monotonic clock
 * @param failures reads without a usable answer in a row
 * @param trouble what is wrong with reading; null if nothing is
 * @param again whether a hint came while one is under way, which may have missed what the hint is about
 */
public record Reading(
        long number,
        boolean inFlight,
        long startedNanos,
        int failures,
        @Nullable Trouble trouble,
        boolean again) {
    /** Before the first. */
    public static final Reading FIRST = new Reading(0, false, 0, 0, null, false);

    /**
     * What is wrong with what the registry answers.
     *
     * @param kind tells one trouble from another; the log speaks when it changes
     * @param message what is wrong
     * @param answered whether the registry answered at all
     * @param refused the version that it answered with, if it can't be used and says as much
     */
    public record Trouble(String kind, String message, boolean answered, Optional<Long> refused) {}

    /** One that is under way now. */
    public Reading begun(long now) {
        return new Reading(number + 1, true, now, failures, trouble, false);
    }

    /** Whether the answer to this one is waited for. */
    public boolean awaits(long read) {
        return inFlight && number == read;
    }

    /** Not under way any more. */
    public Reading ended() {
        return new Reading(number, false, startedNanos, failures, trouble, again);
    }

    /** Not under way any more; the answer of one that is will not count. */
    public Reading dropped() {
        return new Reading(number, false, startedNanos, failures, trouble, false);
    }

    /** To be followed by another. */
    public Reading hinted() {
        return new Reading(number, inFlight, startedNanos, failures, trouble, true);
    }

    /** With this trouble. The count begins again where another sort begins: the back-off is for no answer only. */
    public Reading troubled(Trouble present) {
        boolean sameSort = trouble != null && trouble.answered() == present.answered();
        return new Reading(number, inFlight, startedNanos, sameSort ? failures + 1 : 1, present, again);
    }

    /** Whether this trouble is another one than is known. */
    public boolean isNews(Trouble present) {
        return trouble == null || !trouble.kind().equals(present.kind());
    }

    /** Without trouble. */
    public Reading untroubled() {
        return new Reading(number, inFlight, startedNanos, 0, null, again);
    }

    /** What to log when trouble ends. */
    public String recovery() {
        return "the registry answers as it should again, after " + failures + " read(s) that could not be used";
    }

    /** Whether the registry doesn't answer, so that the time to the next read grows. */
    public boolean isBackingOff() {
        return trouble != null && !trouble.answered();
    }

    /**
     * How long to wait at most for the next read while the registry doesn't answer; chance chooses below it.
     *
     * @param serving whether there are settings to go on with
     */
    public Duration backoff(Duration interval, boolean serving) {
        return serving ? Backoff.poll(interval, failures) : Backoff.START_RETRY;
    }

    /** How long ago the last read was started. */
    public Duration age(long now) {
        return Duration.ofNanos(now - startedNanos);
    }
}
