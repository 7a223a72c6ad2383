package dev.connectionregistry.status;

import org.jspecify.annotations.Nullable;

/**
 * A data source could not start: no settings were to be had (the message names registry, snapshot and fallback, and what
 * was wrong with each), the database is unknown, or no pool could be opened.
 */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message for the user and, if there is one, the cause. */
    public StartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
