package dev.connectionregistry.admin.fleet;

import java.time.Duration;
import java.util.Optional;

/** Is shown the fleet while it is watched, on the watching thread. */
public interface FleetObserver {
    /**
     * Called after every look.
     *
     * @param snapshot what was last seen; without members if nothing has been seen yet
     * @param wait how the wait stands
     */
    void observed(FleetSnapshot snapshot, WaitStatus wait);

    /** Called when the watching is over, in whatever way. */
    default void finished() {}

    /**
     * How a wait stands.
     *
     * @param elapsed since it began
     * @param limit when it ends at the latest; empty if it has no end
     * @param outage why the registry couldn't be read just now
     */
    record WaitStatus(Duration elapsed, Optional<Duration> limit, Optional<String> outage) {}
}
