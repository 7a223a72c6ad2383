package dev.connectionregistry.secrets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A password in memory. Never printed: {@link #toString} doesn't show it, and it is never serialised. Immutable. */
public final class Secret {
    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** The password; for the driver only. */
    public String reveal() {
        return value;
    }

    /**
     * Whether both are the same password; takes the same time wherever they differ. Not {@code equals}, because a
     * secret belongs in no map.
     */
    public boolean isSameAs(Secret other) {
        return MessageDigest.isEqual(
                value.getBytes(StandardCharsets.UTF_8), other.value.getBytes(StandardCharsets.UTF_8));
    }

    /** Asterisks, whatever the password is. */
    @Override
    public String toString() {
        return "*****";
    }
}
