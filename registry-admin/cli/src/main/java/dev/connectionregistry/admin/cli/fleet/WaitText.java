package dev.connectionregistry.admin.cli.fleet;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher.FleetObserver.WaitStatus;
import java.util.List;

/** The state of a wait for the fleet, in one line. Pure. */
public final class WaitText {
    private static final int NAMED = 5;

    private WaitText() {}

    /** {@code 1 of 3 serve version 7, 15.0s of at most 2m}. */
    public static String progress(FleetSnapshot snapshot, WaitStatus wait) {
        return snapshot.arrived().size() + " of " + snapshot.live().size() + " " + snapshot.goal() + ", "
                + FleetEvents.seconds(wait.elapsed())
                + wait.limit()
                        .map(limit -> " of at most " + FleetEvents.seconds(limit))
                        .orElse("");
    }

    public static String withMissing(FleetSnapshot snapshot, WaitStatus wait) {
        List<String> missing =
                snapshot.pending().stream().map(FleetMember::title).toList();
        return progress(snapshot, wait)
                + (missing.isEmpty() ? "" : "; waiting for " + Plural.some(missing, NAMED, ", "));
    }
}
