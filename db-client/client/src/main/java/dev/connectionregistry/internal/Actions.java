package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Jitter;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Transition;
import java.time.Duration;
import org.slf4j.event.Level;

/**
 * All that an {@link Effect} can do: a seam between decisions and the parts that do I/O. Control thread only; no method
 * blocks.
 */
interface Actions {
    Generations generations();

    /** Begins to open a generation, as {@link Generations#open}; one that can't even be begun counts as refused. */
    void open(long generation, long version, ConnectionSettings settings, AcceptedPrimary accepts);

    /** Begins to read the registry; {@link Event.ReadReturned} or {@link Event.ReadOverdue} comes back with this number. */
    void read(long number);

    /** Plans {@link Event.PollDue}, instead of the one planned before. */
    void pollAfter(Duration delay, Jitter jitter);

    /** Plans {@link Event.RetryDue} after a random time of at most this, instead of the one planned before. */
    void retryAfter(long version, Duration atMost);

    /** Plans {@link Event.HoldOverdue}, instead of the one planned before. */
    void holdUntil(long version, Duration atMost);

    /** Plans {@link Event.AnnouncementUnread}, instead of the one planned before. */
    void readWithin(long version, Duration atMost);

    /** Lets reports that nobody needs now wait for this long. */
    void reportsWait(Duration delay, Jitter jitter);

    /** Reveals the secret that proves that this instance is HELD in the hold of this version, if the coordinator can know it. */
    void revealHeld(String run, long version);

    /** Takes a cutover's signals, instead of those of any before it. */
    void listen(Transition transition);

    /** Takes no more signals. */
    void stopListening();

    /** Plans {@link Event.ListenersTold}, for when the listeners know the status that follows from the present event. */
    void tellListeners(String run);

    /** Saves settings for a start without the registry. */
    void saveSnapshot(SettingsToServe target);

    /** The data source serves; its start ends when the status says so. */
    void started();

    /** The data source can't start. */
    void failStart(String message);

    /** Keeps in the status that this went wrong. */
    void remember(String problem);

    /** Writes a line to the log. */
    void log(Level level, String message);
}
