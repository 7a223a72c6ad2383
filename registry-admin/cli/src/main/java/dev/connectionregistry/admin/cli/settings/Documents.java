package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.fleet.FleetHealth.Health;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.move.MoveResult;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeResult;
import dev.connectionregistry.admin.settings.SettingsDiff;
import dev.connectionregistry.core.internal.codec.ReportCodec;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.registry.ItemsRead.Unreadable;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results as documents for {@code --output json}; settings and reports look as they do in the table. Pure. */
public final class Documents {
    /** What a result adds to the settings' own attributes; import leaves it out. */
    public static final String CHANGES = "changes";
    /** Where a listed database says how its fleet is. */
    public static final String FLEET = "fleet";

    private Documents() {}

    /** The settings, as in the table. */
    public static Map<String, Object> settings(VersionedSettings settings) {
        return SettingsCodec.toDocument(settings);
    }

    /** How a fleet is; of one that could not be looked at, why. */
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

    /** The settings, as in the table, and what the version changed if that is known. */
    public static Map<String, Object> history(HistoryEntry past) {
        Map<String, Object> document = new LinkedHashMap<>(settings(past.settings()));
        past.differences().ifPresent(differences -> document.put(CHANGES, differences(differences)));
        return document;
    }

    /** One map for each difference. */
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

    /** A move. */
    public static Map<String, Object> move(MoveResult move) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("written", move.change().written());
        document.put(CHANGES, differences(move.change().differences()));
        document.put("settings", settings(move.last()));
        document.put("movedAtVersion", move.change().after().version());
        move.total().ifPresent(total -> document.put("totalMillis", total.toMillis()));
        move.fleet().ifPresent(fleet -> document.put("instances", members(fleet)));
        document.put("warnings", move.warnings());
        return document;
    }

    /** The reports, as in the table, with what watching added. */
    public static List<Map<String, Object>> members(FleetSnapshot fleet) {
        return fleet.members().stream().map(Documents::member).toList();
    }

    private static Map<String, Object> member(FleetMember member) {
        Map<String, Object> document = ReportCodec.toDocument(member.report());
        document.put("liveness", member.liveness().name().toLowerCase(Locale.ROOT));
        document.put("ageMillis", member.age().toMillis());
        document.put("ahead", member.ahead());
        document.put("followed", member.reachedAfter().isPresent());
        member.reachedAfter().ifPresent(after -> document.put("followedAfterMillis", after.toMillis()));
        document.put("cutMeanwhile", member.cutConnections());
        return document;
    }

    /** The state of a fleet. */
    public static Map<String, Object> status(VersionedSettings current, FleetSnapshot fleet) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("settings", settings(current));
        document.put("live", fleet.live().size());
        document.put("followed", fleet.arrived().size());
        document.put("silent", fleet.silent().size());
        document.put("converged", fleet.converged());
        List<Map<String, Object>> instances = members(fleet);
        instances.forEach(instance -> instance.remove("followedAfterMillis"));
        document.put("instances", instances);
        document.put("unreadable", unreadable(fleet.unreadable()));
        return document;
    }

    /** Items that can't be read. */
    static List<Map<String, Object>> unreadable(List<Unreadable> items) {
        return items.stream()
                .map(each -> Map.<String, Object>of("key", each.key(), "problem", each.reason()))
                .toList();
    }
}
