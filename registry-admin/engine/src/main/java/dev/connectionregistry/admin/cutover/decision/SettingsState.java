package dev.connectionregistry.admin.cutover.decision;

/** What a look at the settings showed, as far as this run is concerned. */
public enum SettingsState {
    /** Steady, on the source. */
    STEADY_SOURCE,
    /** This run's PREPARE. */
    PREPARED,
    /** This run's HOLD. */
    HELD,
    /** Steady, on the target. */
    SWITCHED,
    /** Something that this run has no business with: another cutover, a third server, or no settings. */
    FOREIGN
}
