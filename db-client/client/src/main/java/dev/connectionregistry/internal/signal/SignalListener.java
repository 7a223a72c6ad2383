package dev.connectionregistry.internal.signal;

import dev.connectionregistry.core.internal.signal.Announcement;

/** Hears a cutover's signals, on a thread of theirs. Thread-safe; no method may block or throw. */
public interface SignalListener {
    /** The registry may have something new. */
    void hinted();

    /** Somebody says that a version was written, and may prove it. */
    void announced(Announcement announcement);

    /** Heartbeats of this run begin to arrive, or have not arrived for as long as they may be missing. */
    void work(String run, boolean work);

    /** What {@link InstanceSignals#reveal} was to tell may not have been told. */
    void untold();
}
