package dev.connectionregistry.samples.fleet;

/** The demo cannot go on; the message says why and what to do. */
public final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message for the user. */
    public DemoException(String message) {
        super(message);
    }

    /** With the cause. */
    public DemoException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
