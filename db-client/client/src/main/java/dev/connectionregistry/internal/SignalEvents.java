package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.internal.signal.SignalListener;
import dev.connectionregistry.settings.DatabaseName;
import java.util.function.Consumer;

/** Turns signals into events. Thread-safe if {@code events} is. */
record SignalEvents(DatabaseName database, HeldProof held, Consumer<Event> events) implements SignalListener {
    @Override
    public void hinted() {
        events.accept(new Event.Signalled());
    }

    @Override
    public void announced(Announcement announcement) {
        events.accept(new Event.Announced(database, announcement));
    }

    @Override
    public void work(String run, boolean work) {
        events.accept(new Event.SignalsWork(run, work));
    }

    @Override
    public void untold() {
        held.untold();
        events.accept(new Event.ReportDue());
    }
}
