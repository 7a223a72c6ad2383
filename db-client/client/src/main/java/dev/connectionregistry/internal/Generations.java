package dev.connectionregistry.internal;

import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.internal.pool.ServingPoolProblem;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.PoolSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The pools of one data source: a seam between the control loop and real pools. All methods are called by the control
 * thread, except {@link #figures}, {@link #server}, {@link #trouble},
 * {@link #waitsFor} and {@link #cutConnections}; none of
 * them blocks.
 */
interface Generations {
    /**
     * Begins to open a generation; how it ends comes back as an event.
     *
     * @param accepts what it takes for a primary, until told otherwise
     */
    void open(long generation, long version, ConnectionSettings settings, AcceptedPrimary accepts);

    /** Begins to open one that must take writes, if its settings want a primary. */
    default void open(long generation, long version, ConnectionSettings settings) {
        open(generation, version, settings, AcceptedPrimary.WRITABLE);
    }

    /** Gives up one that never served. */
    void abandon(long generation, String cause);

    /** Lets callers borrow from an open one. */
    void publish(long generation);

    /** Begins to drain one that was replaced. */
    void retire(long generation, Duration grace);

    /**
     * Closes the gate: callers wait until another is published, this one is released, or their own time is up. When
     * nothing is in use any more {@link Event.Drained} comes back, at once if it is so already.
     *
     * @param run which cutover it is, for the callers' messages
     */
    void hold(long generation, String run);

    /**
     * Opens the gate onto the generation that was held. Its connections may have been ended meanwhile by a fence.
     *
     * @param accepts what it takes for a primary from now on
     */
    void release(long generation, AcceptedPrimary accepts);

    /** Opens the gate onto one that must take writes, if its settings want a primary. */
    default void release(long generation) {
        release(generation, AcceptedPrimary.WRITABLE);
    }

    /** Replaces those connections of an open one that began under a fence; {@code accepts} holds from now on. */
    void replaceFenced(long generation, AcceptedPrimary accepts);

    /** The settings are in this transition; null if they are in none. Told before what follows from it. */
    default void follow(@Nullable String transitionId) {}

    /** What keeps a closed gate from being HELD besides its own connections; empty while nothing does. Any thread. */
    default Optional<String> waitsFor() {
        return Optional.empty();
    }

    /** Changes sizes and time-outs of an open one in place. */
    void resize(long generation, PoolSettings settings);

    /** Finds out how the one that serves is, if nobody would notice otherwise. */
    default void look() {}

    /** Finds out whether the server of an open one still takes writes, and gives its connections up if it doesn't. */
    default void checkRole(long generation) {}

    /** What is wrong with the one that serves; empty while it works, and if there is none. */
    default Optional<ServingPoolProblem> trouble() {
        return Optional.empty();
    }

    /** Notes how many connections are in use, so that the next generation is opened as warm. */
    void sample();

    /** Figures of the one that serves; in a hold with all that must come back for it. */
    PoolFigures figures();

    /** Which server the one that serves has reached; empty if there is none. */
    default Optional<ServerIdentity> server() {
        return Optional.empty();
    }

    /** How many connections were cut at the end of a grace, since the start. */
    long cutConnections();

    /**
     * Ends all of them: borrowing first, then connections in use, which have {@code grace} to be returned.
     *
     * @return when everything is gone; completed on a worker, bounded by the grace and a few seconds
     */
    CompletableFuture<Void> closeAll(Duration grace);
}
