package dev.connectionregistry.internal.pool;

/** Which servers a generation accepts as a primary, if its settings want one. */
public enum AcceptedPrimary {
    /** Only a server that accepts writes. The normal case. */
    WRITABLE,
    /**
     * Also a server that refuses writes, but not one in recovery. For the source of a cutover that held for too long:
     * its fence may be up, and it can be read until somebody decides what follows.
     */
    FENCED_TOO
}
