package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher.FleetObserver;

/** Receives the progress of a run, on the coordinator's thread, so it must be quick. */
public interface CutoverObserver {
    /** A step begins. */
    void begun(String title);

    void ended(String title, StepRecord step);

    /** Something that the operator should know, although the run goes on. */
    void warning(String text);

    /** The fleet was looked at while the run waits for it. */
    void fleet(FleetSnapshot fleet, FleetObserver.WaitStatus wait);
}
