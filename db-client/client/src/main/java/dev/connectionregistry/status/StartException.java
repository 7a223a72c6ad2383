package dev.connectionregistry.status;

import org.jspecify.annotations.Nullable;

/**
 * A data source couldn't start: there were no settings (the message names registry, snapshot and fallback, and what was
 * wrong with each), the database is unknown, or no pool could be opened.
 */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
