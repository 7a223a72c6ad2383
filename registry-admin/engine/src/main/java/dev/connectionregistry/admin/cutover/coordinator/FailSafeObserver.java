package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.CutoverObserver;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher.FleetObserver;

/**
 * Passes everything on to another observer until that one fails, and to nobody from then on: a failure to show progress
 * must not end a run in the middle, with nobody to undo it. For the coordinator's thread.
 */
final class FailSafeObserver implements CutoverObserver {
    private final CutoverObserver told;
    private boolean broken;

    FailSafeObserver(CutoverObserver told) {
        this.told = told;
    }

    private void tell(Runnable what) {
        if (broken) {
            return;
        }
        try {
            what.run();
        } catch (RuntimeException | Error e) {
            broken = true;
        }
    }

    @Override
    public void begun(String title) {
        tell(() -> told.begun(title));
    }

    @Override
    public void ended(String title, StepRecord step) {
        tell(() -> told.ended(title, step));
    }

    @Override
    public void warning(String text) {
        tell(() -> told.warning(text));
    }

    @Override
    public void fleet(FleetSnapshot fleet, FleetObserver.WaitStatus wait) {
        tell(() -> told.fleet(fleet, wait));
    }
}
