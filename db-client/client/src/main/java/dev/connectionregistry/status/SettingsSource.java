package dev.connectionregistry.status;

/** Where the settings that a data source serves from came from. */
public enum SettingsSource {
    /** Read from the registry by this process. */
    REGISTRY,
    /** The snapshot file of an earlier run; the registry has not answered yet. */
    SNAPSHOT,
    /** Given in code; the registry has not answered yet. */
    FALLBACK
}
