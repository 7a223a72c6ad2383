package dev.connectionregistry.internal.pool;

/** What a generation takes for a primary, where its settings want one. */
public enum AcceptedPrimary {
    /** Only a server that takes writes. The rule. */
    WRITABLE,
    /**
     * Also one that refuses writes, not one in recovery. For the source of a cutover that held for too long: its fence may be
     * up, and until somebody decides it can still be read.
     */
    FENCED_TOO
}
