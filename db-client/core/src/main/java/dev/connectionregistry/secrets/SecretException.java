package dev.connectionregistry.secrets;

import org.jspecify.annotations.Nullable;

/** A password could not be found. The message names the reference and the next step, never a password. */
public final class SecretException extends Exception {
    private static final long serialVersionUID = 1L;

    public SecretException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
