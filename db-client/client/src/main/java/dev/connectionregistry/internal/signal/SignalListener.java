package dev.connectionregistry.internal.signal;

import dev.connectionregistry.core.internal.signal.Announcement;

/** Hears a cutover's signals, on a thread of theirs. Thread-safe; no method may block or throw. */
public interface SignalListener {
    /** The registry may have something new. */
    void hinted();

    /** A notification says that a version was written, and may prove it. */
    void announced(Announcement announcement);

    /** Heartbeats of this run have begun to arrive, or have been missing for too long. */
    void work(String run, boolean work);

    /** What {@link InstanceSignals#reveal} was to show may not have been shown. */
    void untold();
}
