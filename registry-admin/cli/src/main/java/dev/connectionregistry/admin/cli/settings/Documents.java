package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.fleet.FleetHealth.Health;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeResult;
import dev.connectionregistry.admin.settings.SettingsDiff;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results as documents for {@code --output json}; settings look as they do in the table. Pure. */
public final class Documents {
    /** The attribute that a result adds to those of the settings; import ignores it. */
    public static final String CHANGES = "changes";
    /** The attribute of a listed database that describes its fleet. */
    public static final String FLEET = "fleet";

    private Documents() {}

    public static Map<String, Object> settings(VersionedSettings settings) {
        return SettingsCodec.toDocument(settings);
    }

    /** The state of a fleet; if it couldn't be read, the reason. */
    public static Map<String, Object> fleet(Health fleet) {
        Map<String, Object> document = new LinkedHashMap<>();
        if (fleet.unknown().isPresent()) {
            document.put("unknown", fleet.unknown().get());
            return document;
        }
        document.put("live", fleet.live());
        document.put("problems", fleet.troubled());
        document.put("silent", fleet.silent());
        document.put("unreadable", fleet.unreadable());
        return document;
    }

    /** The settings as in the table, and what the version changed, if that is known. */
    public static Map<String, Object> history(HistoryEntry past) {
        Map<String, Object> document = new LinkedHashMap<>(settings(past.settings()));
        past.differences().ifPresent(differences -> document.put(CHANGES, differences(differences)));
        return document;
    }

    public static List<Map<String, Object>> differences(List<SettingsDiff.Difference> differences) {
        return differences.stream()
                .map(difference -> {
                    Map<String, Object> document = new LinkedHashMap<>();
                    document.put("name", difference.name());
                    difference.before().ifPresent(value -> document.put("before", value));
                    difference.after().ifPresent(value -> document.put("after", value));
                    return document;
                })
                .toList();
    }

    /** A plain write, or what would be written. */
    public static Map<String, Object> change(ChangeResult change) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("written", change.written());
        document.put(CHANGES, differences(change.differences()));
        document.put("settings", settings(change.after()));
        return document;
    }
}
