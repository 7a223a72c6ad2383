package dev.connectionregistry.settings;

import java.util.Locale;

/** What a server must be for a pool to use it. */
public enum ServerRole {
    /** Takes writes: not in recovery, and its transactions aren't read-only by default. */
    PRIMARY,
    /** Anything that answers; for read-only databases and replicas. */
    ANY;

    /** {@code primary} or {@code any}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@code primary} or {@code any}.
     *
     * @throws InvalidSettingsException for anything else
     */
    public static ServerRole parse(String text) {
        for (ServerRole role : values()) {
            if (role.toString().equals(text)) {
                return role;
            }
        }
        throw new InvalidSettingsException("role is '" + text + "'; allowed is primary or any");
    }
}
