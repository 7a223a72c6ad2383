package dev.connectionregistry.admin.preflight.postgres;

import java.util.List;

/** All checks of the group settings. */
public final class SettingChecks {
    /** In the order in which they are made. */
    public static final List<ServerCheck> ALL = List.of(
            new EncodingCheck(),
            new CollationCheck(),
            new CollationVersionCheck(),
            new ServerSettingsCheck(),
            new DatabaseSettingsCheck(),
            new CopyTimeoutsCheck(),
            new PreloadCheck());

    private SettingChecks() {}
}
