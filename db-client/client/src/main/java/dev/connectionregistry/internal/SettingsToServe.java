package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Verdict;
import dev.connectionregistry.core.internal.signal.AnnouncedContent;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.status.SettingsSource;
import java.util.Optional;

/**
 * Settings to serve from.
 *
 * @param version their version; 0 for a fallback
 * @param settings their content
 * @param source where they came from
 * @param transition the cutover that is under way; empty if the database is steady, or if that isn't known
 */
public record SettingsToServe(
        long version, ConnectionSettings settings, SettingsSource source, Optional<Transition> transition) {

    /** Settings without a transition. */
    SettingsToServe(long version, ConnectionSettings settings, SettingsSource source) {
        this(version, settings, source, Optional.empty());
    }

    /** The settings in the registry. */
    static SettingsToServe of(VersionedSettings found) {
        return new SettingsToServe(found.version(), found.settings(), SettingsSource.REGISTRY, found.transition());
    }

    /** Settings that a signal proves to be in the registry, before they are read. */
    static SettingsToServe announced(long version, AnnouncedContent content) {
        return new SettingsToServe(version, content.settings(), SettingsSource.REGISTRY, content.transition());
    }

    /** The same with this transition. */
    SettingsToServe in(Transition other) {
        return new SettingsToServe(version, settings, source, Optional.of(other));
    }

    /** The form in which they are compared with the registry's answer. */
    Verdict.Content known() {
        return new Verdict.Content(version, settings, transition, source == SettingsSource.REGISTRY);
    }

    /** {@code version 42}, or {@code the fallback}. */
    String name() {
        return switch (source) {
            case REGISTRY -> "version " + version;
            case SNAPSHOT -> "version " + version + " from the snapshot";
            case FALLBACK -> "the fallback";
        };
    }
}
