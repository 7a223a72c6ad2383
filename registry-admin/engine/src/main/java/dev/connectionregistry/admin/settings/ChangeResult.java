package dev.connectionregistry.admin.settings;

import dev.connectionregistry.settings.VersionedSettings;
import java.util.List;
import java.util.Optional;

/**
 * What a change came to.
 *
 * @param before what stood there; empty if nothing did
 * @param after what stands there now, or would
 * @param differences what is different; of a new database every attribute
 * @param written false for a dry run, and if nothing is different
 */
public record ChangeResult(
        Optional<VersionedSettings> before,
        VersionedSettings after,
        List<SettingsDiff.Difference> differences,
        boolean written) {}
