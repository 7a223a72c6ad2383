package dev.connectionregistry.admin.move;

import dev.connectionregistry.admin.fleet.FleetWatcher.FleetObserver;

/** Receives what a move does, as it happens. */
public interface MoveObserver extends FleetObserver {
    /** A step begins or is done. */
    void step(String text);

    /** Something the operator should know, although the move goes on. */
    void warning(String text);
}
