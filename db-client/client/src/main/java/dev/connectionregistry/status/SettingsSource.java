package dev.connectionregistry.status;

/** Where a data source's current settings came from. */
public enum SettingsSource {
    /** Read from the registry by this process. */
    REGISTRY,
    /** The snapshot file of an earlier run; the registry has not answered yet. */
    SNAPSHOT,
    /** Given in code; the registry has not answered yet. */
    FALLBACK
}
