package dev.connectionregistry.admin.move;

import dev.connectionregistry.admin.fleet.FleetWatcher.FleetObserver;

/** Is told what a move does, as it does it. */
public interface MoveObserver extends FleetObserver {
    /** A step begins or is done. */
    void step(String text);

    /** Something the operator should know, though the move goes on. */
    void warning(String text);
}
