package dev.connectionregistry.admin.preflight;

/** One check of the fleet. Stateless, pure. */
interface FleetCheck {
    /** What it is. */
    About about();

    /** Judges what was read. */
    Finding judge(FleetView view);
}
