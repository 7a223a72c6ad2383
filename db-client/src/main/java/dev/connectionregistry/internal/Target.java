package dev.connectionregistry.internal;

import dev.connectionregistry.SettingsSource;
import dev.connectionregistry.settings.ConnectionSettings;

/**
 * Settings to serve from.
 *
 * @param version their version; 0 for a fallback
 * @param settings their content
 * @param source where they came from
 */
public record Target(long version, ConnectionSettings settings, SettingsSource source) {
    /** {@code version 42}, or {@code the fallback}. */
    String name() {
        return switch (source) {
            case REGISTRY -> "version " + version;
            case SNAPSHOT -> "version " + version + " from the snapshot";
            case FALLBACK -> "the fallback";
        };
    }
}
