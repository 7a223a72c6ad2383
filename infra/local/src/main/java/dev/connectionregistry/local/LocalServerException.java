package dev.connectionregistry.local;

import org.jspecify.annotations.Nullable;

/** A local server could not be started, stopped or reached; the message ends with the tail of its log, if it has one. */
public final class LocalServerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LocalServerException(String message) {
        super(message);
    }

    LocalServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Restores the interrupt flag; the message says what the thread was waiting for. */
    static LocalServerException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new LocalServerException("Interrupted while waiting for " + what, cause);
    }
}
