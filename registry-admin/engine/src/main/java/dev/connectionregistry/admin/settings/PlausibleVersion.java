package dev.connectionregistry.admin.settings;

import dev.connectionregistry.core.internal.codec.VersionBounds;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The newest plausible version of a database, judged as instances do: by how far it is above what was known before.
 * A version far above that was written by mistake or forged, and instances keep the one before it.
 */
final class PlausibleVersion {
    private static final int SEARCHED = 10_000;

    private PlausibleVersion() {}

    /** The plausible versions, newest first, of a history that is newest first. Pure. */
    static List<VersionedSettings> of(List<VersionedSettings> history) {
        long known = 0;
        for (VersionedSettings version : history.stream()
                .sorted(Comparator.comparingLong(VersionedSettings::version))
                .toList()) {
            if (!VersionBounds.isPlausible(known, version.version())) {
                break;
            }
            known = version.version();
        }
        long newest = known;
        return history.stream().filter(version -> version.version() <= newest).toList();
    }

    /**
     * The newest version that an instance may legitimately have seen: in {@code believed}, or in a report that isn't
     * far above it. Pure.
     */
    static long seen(List<VersionedSettings> believed, Collection<InstanceReport> reports) {
        long newest = believed.isEmpty() ? 0 : believed.get(0).version();
        return reports.stream()
                .mapToLong(report -> Math.max(report.version(), report.acknowledgedVersion()))
                .filter(version -> VersionBounds.isPlausible(newest, version))
                .reduce(newest, Math::max);
    }

    /** The plausible versions of a database's history, newest first. */
    static List<VersionedSettings> read(RegistryAdministration registry, DatabaseName database) {
        return of(registry.readHistory(database, SEARCHED).items());
    }

    /**
     * Why no version can be built on {@code standing}; empty if one can. Reads the history only if the number itself is
     * suspicious, so that ordinary writes cost no extra read.
     */
    static Optional<String> complaint(RegistryAdministration registry, VersionedSettings standing) {
        if (standing.version() <= VersionBounds.LARGEST_STEP) {
            return Optional.empty();
        }
        List<VersionedSettings> history =
                registry.readHistory(standing.database(), SEARCHED).items();
        long newest = of(history).stream()
                .mapToLong(VersionedSettings::version)
                .filter(version -> version < standing.version())
                .max()
                .orElse(0);
        boolean believed = of(history).stream().anyMatch(version -> version.version() == standing.version())
                || VersionBounds.isPlausible(newest, standing.version());
        return believed
                ? Optional.empty()
                : Optional.of(VersionBounds.complaint(newest, standing.version())
                        + ", so instances refuse it and keep what they have");
    }
}
