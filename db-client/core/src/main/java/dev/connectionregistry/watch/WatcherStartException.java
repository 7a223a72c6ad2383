package dev.connectionregistry.watch;

import org.jspecify.annotations.Nullable;

/** A watcher could not start; the message says why. Nothing is left running. */
public final class WatcherStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WatcherStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
