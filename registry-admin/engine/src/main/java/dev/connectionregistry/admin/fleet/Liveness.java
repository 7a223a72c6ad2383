package dev.connectionregistry.admin.fleet;

/** Whether an instance is believed to run. */
public enum Liveness {
    /** Heard of lately. */
    LIVE,
    /** Not heard of for three heartbeats; not waited for. */
    SILENT,
    /** Said that it closed. */
    STOPPED
}
