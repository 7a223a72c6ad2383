package dev.connectionregistry.internal;

import dev.connectionregistry.registry.ReadResult;

/** What the control thread is told. Values only. */
sealed interface Event {
    /** The data source is being built. */
    record StartRequested() implements Event {}

    /** The bound for the first read has passed. */
    record StartOverdue() implements Event {}

    /** It is time to read the registry. */
    record PollDue() implements Event {}

    /** A read came to an end. */
    record ReadReturned(long number, ReadResult result) implements Event {}

    /** A read has not come to an end within its bound. */
    record ReadOverdue(long number) implements Event {}

    /** A connection failed in a way that smells of a moved database. */
    record MovedSign(String sqlState) implements Event {}

    /** Attempts to open connections began to fail, failed once more, or succeed again; or it is time to look. */
    record HealthChanged() implements Event {}

    /** A statement on a generation was refused for being a write. */
    record WriteRefused(long generation) implements Event {}

    /** Connections of a generation logged in with a password that the server takes no longer; said as often as one is opened. */
    record PasswordChanged(long generation) implements Event {}

    /** A generation is warm and validated. */
    record GenerationOpened(long generation) implements Event {}

    /** A generation could not be opened. */
    record GenerationRefused(long generation, String cause) implements Event {}

    /**
     * A replaced generation came to its end by force.
     *
     * @param cut connections that were ended on the server
     * @param unproven those of them whose outcome is in doubt
     */
    record ConnectionsCut(long generation, int cut, int unproven) implements Event {}

    /** It is time for another try at rejected settings. */
    record RetryDue(long version) implements Event {}

    /** Nothing is in use any more on a generation whose gate is closed. */
    record Drained(long generation) implements Event {}

    /** A hint that the registry may have something new; believed in nothing. */
    record Signalled() implements Event {}

    /** A gate has been closed for as long as it may be. */
    record HoldOverdue(long version) implements Event {}

    /** New sessions of a generation that accepts it are read-only. */
    record FenceMet(long generation) implements Event {}

    /** After {@link FenceMet}, new sessions of that generation can write again. */
    record FenceLifted(long generation) implements Event {}

    /** Every listener knows that this cutover is coming, or had its time to take note. */
    record ListenersTold(String run) implements Event {}
}
