package dev.connectionregistry.internal.pool;

/** What a generation takes for a primary, where its settings want one. */
public enum Accepts {
    /** Only a server that takes writes. The rule. */
    WRITABLE,
    /**
     * Also one that refuses writes, not one in recovery. For the old server of a cutover that held for too long: its fence may be
     * up, and until somebody decides it can still be read.
     */
    FENCED_TOO
}
