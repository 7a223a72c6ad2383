package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Jitter;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Transition;
import java.time.Duration;
import org.slf4j.event.Level;

/**
 * Everything that an {@link Effect} can do: the interface between decisions and the parts that do I/O. Control thread
 * only; no method blocks.
 */
interface Actions {
    Generations generations();

    /** Starts opening a generation, as {@link Generations#open}; if it can't even start, it counts as refused. */
    void open(long generation, long version, ConnectionSettings settings, AcceptedPrimary accepts);

    /**
     * Starts a read of the registry; {@link Event.ReadReturned} or {@link Event.ReadOverdue} follows with this number.
     */
    void read(long number);

    /** Schedules {@link Event.PollDue}, replacing the one scheduled before. */
    void pollAfter(Duration delay, Jitter jitter);

    /**
     * Schedules {@link Event.RetryDue} after a random time of at most {@code atMost}, replacing the one scheduled
     * before.
     */
    void retryAfter(long version, Duration atMost);

    /** Schedules {@link Event.HoldOverdue}, replacing the one scheduled before. */
    void holdUntil(long version, Duration atMost);

    /** Schedules {@link Event.AnnouncementUnread}, replacing the one scheduled before. */
    void readWithin(long version, Duration atMost);

    /** Delays reports that nobody needs now. */
    void reportsWait(Duration delay, Jitter jitter);

    /**
     * Reveals the secret that proves that this instance is HELD in the hold of this version, if its digest was
     * published.
     */
    void revealHeld(String run, long version);

    /** Listens for a cutover's signals, instead of those of any earlier one. */
    void listen(Transition transition);

    /** Stops listening for signals. */
    void stopListening();

    /**
     * Schedules {@link Event.ListenersTold}, for when the listeners know the status that results from the current
     * event.
     */
    void tellListeners(String run);

    /** Saves settings for a start without the registry. */
    void saveSnapshot(SettingsToServe target);

    /** The data source is ready for use; its start ends when the status says so. */
    void started();

    /** The data source can't start. */
    void failStart(String message);

    /** Keeps this failure in the status. */
    void remember(String problem);

    /** Writes a line to the log. */
    void log(Level level, String message);
}
