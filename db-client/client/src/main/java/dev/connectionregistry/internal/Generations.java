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
 * The pools of one data source: the interface between the control loop and real pools. The control thread calls all
 * methods, except {@link #figures}, {@link #server}, {@link #trouble}, {@link #waitsFor} and {@link #cutConnections};
 * none of them blocks.
 */
interface Generations {
    /**
     * Starts opening a generation; the result comes back as an event.
     *
     * @param accepts what counts as a primary, until this changes
     */
    void open(long generation, long version, ConnectionSettings settings, AcceptedPrimary accepts);

    /** Starts opening a generation whose server must accept writes if its settings want a primary. */
    default void open(long generation, long version, ConnectionSettings settings) {
        open(generation, version, settings, AcceptedPrimary.WRITABLE);
    }

    /** Abandons a generation that was never used. */
    void abandon(long generation, String cause);

    /** Lets callers borrow from an open generation. */
    void publish(long generation);

    /** Starts draining a generation that was replaced. */
    void retire(long generation, Duration grace);

    /**
     * Closes the gate: callers wait until another generation is published, this one is released, or their own time is
     * up. {@link Event.Drained} follows when nothing is in use any more, which may be at once.
     *
     * @param run the run, for the callers' messages
     */
    void hold(long generation, String run);

    /**
     * Opens the gate to the generation that was held. A fence may have ended its connections meanwhile.
     *
     * @param accepts what counts as a primary from now on
     */
    void release(long generation, AcceptedPrimary accepts);

    /** Opens the gate to a generation whose server must accept writes if its settings want a primary. */
    default void release(long generation) {
        release(generation, AcceptedPrimary.WRITABLE);
    }

    /** Replaces the connections that began under a fence in an open generation; {@code accepts} applies from now on. */
    void replaceFenced(long generation, AcceptedPrimary accepts);

    /** The settings have this transition; null for none. Called before the consequences take effect. */
    default void follow(@Nullable String transitionId) {}

    /** What prevents a closed gate from being HELD besides its own connections; empty if nothing does. Any thread. */
    default Optional<String> waitsFor() {
        return Optional.empty();
    }

    /** Changes sizes and time-outs of an open generation in place. */
    void resize(long generation, PoolSettings settings);

    /** Checks the current generation if nobody would notice a failure otherwise. */
    default void look() {}

    /**
     * Checks whether the server of an open generation still accepts writes, and gives up its connections if it doesn't.
     */
    default void checkRole(long generation) {}

    /** What is wrong with the current generation; empty if nothing is, or if there is none. */
    default Optional<ServingPoolProblem> trouble() {
        return Optional.empty();
    }

    /** Notes how many connections are in use, so that the next generation is opened with as many. */
    void sample();

    /** Figures of the current generation; in a hold, including everything that it waits for. */
    PoolFigures figures();

    /** Which server the current generation has reached; empty if there is none. */
    default Optional<ServerIdentity> server() {
        return Optional.empty();
    }

    /** How many connections were cut at the end of a grace, since the start. */
    long cutConnections();

    /**
     * Ends all generations: borrowing first, then connections in use, which have {@code grace} to be returned.
     *
     * @return when everything is gone; completed on a worker, bounded by the grace and a few seconds
     */
    CompletableFuture<Void> closeAll(Duration grace);
}
