package dev.connectionregistry.secrets;

/** A password in memory. Never printed: {@link #toString} doesn't show it, and it is never compared or serialised. */
public final class Secret {
    private final String value;

    /** Wraps a password. */
    public Secret(String value) {
        this.value = value;
    }

    /** The password; for the driver only. */
    public String reveal() {
        return value;
    }

    /** Stars, whatever the password is. */
    @Override
    public String toString() {
        return "*****";
    }
}
