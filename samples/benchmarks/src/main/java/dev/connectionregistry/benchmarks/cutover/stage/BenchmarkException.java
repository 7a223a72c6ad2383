package dev.connectionregistry.benchmarks.cutover.stage;

import org.jspecify.annotations.Nullable;

/** The benchmark can't go on; the message is for the user and has no secret in it. */
public final class BenchmarkException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Without a cause. */
    public BenchmarkException(String message) {
        super(message);
    }

    /** With the cause's own message at the end. */
    public BenchmarkException(String message, @Nullable Throwable cause) {
        super(cause == null ? message : message + ": " + cause.getMessage(), cause);
    }

    /** For a wait that was interrupted; sets the thread's flag again. */
    public static BenchmarkException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new BenchmarkException("interrupted while waiting for " + what, cause);
    }
}
