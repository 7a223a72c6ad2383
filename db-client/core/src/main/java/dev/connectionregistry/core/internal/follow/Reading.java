package dev.connectionregistry.core.internal.follow;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of reading the registry. Immutable; its methods return the next state.
 *
 * @param number counts reads, so that a late answer is recognised
 * @param inFlight whether a read is under way
 * @param startedNanos when the last read started, on the monotonic clock
 * @param failures how many reads in a row had no usable answer
 * @param trouble what is wrong with reading; null if nothing is
 * @param again whether a hint arrived during a read, which may be too early to see what the hint is about
 */
public record Reading(
        long number,
        boolean inFlight,
        long startedNanos,
        int failures,
        @Nullable Trouble trouble,
        boolean again) {
    /** The state before the first read. */
    public static final Reading FIRST = new Reading(0, false, 0, 0, null, false);

    /**
     * What is wrong with the registry's answers.
     *
     * @param kind distinguishes one failure from another; a message is logged when it changes
     * @param message what is wrong
     * @param answered whether the registry answered at all
     * @param refused the version in the answer, if it can't be used but its number is known
     */
    public record Trouble(String kind, String message, boolean answered, Optional<Long> refused) {}

    /** A read begins now. */
    public Reading begun(long now) {
        return new Reading(number + 1, true, now, failures, trouble, false);
    }

    /** Whether this is the read whose answer is awaited. */
    public boolean awaits(long read) {
        return inFlight && number == read;
    }

    /** The read has ended. */
    public Reading ended() {
        return new Reading(number, false, startedNanos, failures, trouble, again);
    }

    /** No read is under way any more; the answer of one that is still running won't count. */
    public Reading dropped() {
        return new Reading(number, false, startedNanos, failures, trouble, false);
    }

    /** Another read will follow this one. */
    public Reading hinted() {
        return new Reading(number, inFlight, startedNanos, failures, trouble, true);
    }

    /**
     * Records this failure. The count starts again when the kind changes: only reads without an answer cause back-off.
     */
    public Reading troubled(Trouble present) {
        boolean sameSort = trouble != null && trouble.answered() == present.answered();
        return new Reading(number, inFlight, startedNanos, sameSort ? failures + 1 : 1, present, again);
    }

    /** Whether this failure differs from the one that is known. */
    public boolean isNews(Trouble present) {
        return trouble == null || !trouble.kind().equals(present.kind());
    }

    /** Clears the failure. */
    public Reading untroubled() {
        return new Reading(number, inFlight, startedNanos, 0, null, again);
    }

    /** What to log when reading works again. */
    public String recovery() {
        return "the registry gives usable answers again, after " + failures + " read(s) that could not be used";
    }

    /** Whether the registry doesn't answer, so that reads become less frequent. */
    public boolean isBackingOff() {
        return trouble != null && !trouble.answered();
    }

    /**
     * How long to wait at most for the next read while the registry doesn't answer; the actual wait is a random part of
     * it.
     *
     * @param serving whether the instance has settings to serve from
     */
    public Duration backoff(Duration interval, boolean serving) {
        return serving ? Backoff.poll(interval, failures) : Backoff.START_RETRY;
    }

    /** How long ago the last read was started. */
    public Duration age(long now) {
        return Duration.ofNanos(now - startedNanos);
    }
}
