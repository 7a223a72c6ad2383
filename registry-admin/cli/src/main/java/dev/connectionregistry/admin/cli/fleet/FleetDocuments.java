package dev.connectionregistry.admin.cli.fleet;

import dev.connectionregistry.admin.cli.settings.Documents;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.core.internal.codec.ReportCodec;
import dev.connectionregistry.registry.ItemsRead.Unreadable;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The fleet as documents for {@code --output json}; reports look as they do in the table. Pure. */
public final class FleetDocuments {
    private FleetDocuments() {}

    /** The reports as in the table, with what watching the fleet added. */
    public static List<Map<String, Object>> members(FleetSnapshot fleet) {
        return fleet.members().stream().map(FleetDocuments::member).toList();
    }

    private static Map<String, Object> member(FleetMember member) {
        Map<String, Object> document = ReportCodec.toDocument(member.report());
        document.put("liveness", member.liveness().name().toLowerCase(Locale.ROOT));
        document.put("ageMillis", member.age().toMillis());
        document.put("ahead", member.ahead());
        document.put("followed", member.reachedAfter().isPresent());
        member.reachedAfter().ifPresent(after -> document.put("followedAfterMillis", after.toMillis()));
        document.put("cutMeanwhile", member.cutConnections());
        document.put("plain", member.plain());
        return document;
    }

    public static Map<String, Object> status(VersionedSettings current, FleetSnapshot fleet) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("settings", Documents.settings(current));
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
    private static List<Map<String, Object>> unreadable(List<Unreadable> items) {
        return items.stream()
                .map(each -> Map.<String, Object>of("key", each.key(), "problem", each.reason()))
                .toList();
    }
}
