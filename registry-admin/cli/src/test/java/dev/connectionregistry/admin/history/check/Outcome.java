package dev.connectionregistry.admin.history.check;

/** How an operation ended, as far as its caller can know. */
public enum Outcome {
    /** Acknowledged, commit included. */
    OK,
    /** Refused or rolled back for certain. */
    FAILED,
    /** The connection was lost while it was committing: it may or may not have taken effect. */
    UNKNOWN
}
