package dev.connectionregistry.internal.signal;

import dev.connectionregistry.core.internal.signal.Announcement;

/** Receives a cutover's signals, on their own thread. Thread-safe; no method may block or throw. */
public interface SignalListener {
    /** The registry may have something new. */
    void hinted();

    /** A notification says that a version was written, and may prove it. */
    void announced(Announcement announcement);

    /** Heartbeats of this run have started to arrive, or have been missing for too long. */
    void work(String run, boolean work);

    /** The name passed to {@link InstanceSignals#reveal} may not have become visible. */
    void untold();
}
