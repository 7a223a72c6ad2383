package dev.connectionregistry.admin.preflight.fleet;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;

/** One check of the fleet. Stateless, pure. */
interface FleetCheck {
    /** What it is. */
    About about();

    /** Judges what was read. */
    Finding judge(FleetView view);
}
