package dev.connectionregistry.internal;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Polling;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that the control thread knows. Immutable; only {@link Decider} makes new ones.
 *
 * @param start what to start from if the registry can't be read; null once a pool serves
 * @param serving the generation that callers borrow from; null before the first
 * @param opening the generation being opened; null if none is
 * @param rejection the newest settings, if they can't be used; null if they can
 * @param newest the newest settings read and understood, or started from; null before any
 * @param reading how reading the registry goes
 * @param nextGeneration the number of the next pool
 */
record ClientState(
        @Nullable StartOptions start,
        @Nullable Serving serving,
        @Nullable Opening opening,
        @Nullable Rejection rejection,
        @Nullable Target newest,
        Reading reading,
        long nextGeneration) {

    static ClientState starting(StartOptions options) {
        return new ClientState(options, null, null, null, null, Reading.FIRST, 1);
    }

    /**
     * What there is besides the registry.
     *
     * @param snapshot the snapshot's settings; null if there are none that can be used
     * @param snapshotProblem why there is no usable snapshot, for the message
     * @param fallback settings given in code; null if none were
     */
    record StartOptions(
            @Nullable Target snapshot,
            String snapshotProblem,
            @Nullable ConnectionSettings fallback) {}

    /** A generation and the settings it serves. */
    record Serving(long generation, Target target) {}

    /**
     * A generation on its way.
     *
     * @param openedWith what its connections are opened with
     * @param target what it will serve; may have become newer in sizes or interval meanwhile
     * @param attempt the how-manieth try at these connections, from 1
     */
    record Opening(long generation, ConnectionSettings openedWith, Target target, int attempt) {}

    /**
     * Settings that could not be used.
     *
     * @param attempts how often it was tried
     */
    record Rejection(Target target, String cause, int attempts) {}

    /**
     * How reading goes.
     *
     * @param number counts reads, so that an answer that comes too late is recognised
     * @param inFlight whether one is under way
     * @param startedNanos when the last one was started, on the monotonic clock
     * @param failures reads without a usable answer in a row
     * @param trouble what is wrong with reading; null if nothing is
     */
    record Reading(
            long number,
            boolean inFlight,
            long startedNanos,
            int failures,
            @Nullable Trouble trouble) {
        static final Reading FIRST = new Reading(0, false, 0, 0, null);
    }

    /**
     * What is wrong with what the registry answers.
     *
     * @param kind tells one trouble from another; the log speaks when it changes
     * @param message what is wrong
     * @param answered whether the registry answered at all
     */
    record Trouble(String kind, String message, boolean answered) {}

    ClientState withReading(Reading changed) {
        return new ClientState(start, serving, opening, rejection, newest, changed, nextGeneration);
    }

    ClientState withNewest(Target changed, @Nullable Rejection standing) {
        return new ClientState(start, serving, opening, standing, changed, reading, nextGeneration);
    }

    ClientState withServing(Serving changed) {
        return new ClientState(null, changed, null, null, newest, reading, nextGeneration);
    }

    ClientState withOpening(@Nullable Opening changed) {
        long next = changed == null ? nextGeneration : Math.max(nextGeneration, changed.generation() + 1);
        return new ClientState(start, serving, changed, rejection, newest, reading, next);
    }

    ClientState withRejection(Rejection changed) {
        return new ClientState(start, serving, null, changed, newest, reading, nextGeneration);
    }

    /** The newest version read and understood; 0 before any. */
    long acknowledged() {
        return newest == null ? 0 : newest.version();
    }

    /** The poll interval in force. */
    Duration interval() {
        return newest == null
                ? Polling.DEFAULT.interval()
                : newest.settings().polling().interval();
    }

    /** What the instance says it is doing. */
    InstanceState instanceState() {
        if (serving == null) {
            return InstanceState.STARTING;
        }
        return rejection == null ? InstanceState.ACTIVE : InstanceState.REJECTED;
    }

    /** What is wrong now; empty while all is well. */
    Optional<String> problem() {
        if (rejection != null) {
            return Optional.of(rejection.target().name() + " can't be used: " + rejection.cause());
        }
        return Optional.ofNullable(reading.trouble()).map(Trouble::message);
    }
}
