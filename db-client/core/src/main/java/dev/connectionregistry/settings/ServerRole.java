package dev.connectionregistry.settings;

import java.util.Locale;

/** What a server must be for a pool to use it; if there are several hosts, which of them is used. */
public enum ServerRole {
    /** Accepts writes: it isn't in recovery, and its transactions aren't read-only by default. */
    PRIMARY,
    /** Any server that answers; for read-only databases and replicas. Of several hosts, the first one. */
    ANY,
    /** Any server that answers. Of several hosts, the first standby; a primary only if no standby answers. */
    PREFER_STANDBY;

    /** {@code primary}, {@code any} or {@code prefer-standby}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@code primary}, {@code any} or {@code prefer-standby}.
     *
     * @throws InvalidSettingsException for anything else
     */
    public static ServerRole parse(String text) {
        for (ServerRole role : values()) {
            if (role.toString().equals(text)) {
                return role;
            }
        }
        throw new InvalidSettingsException("role is '" + text + "'; it must be primary, any or prefer-standby");
    }
}
