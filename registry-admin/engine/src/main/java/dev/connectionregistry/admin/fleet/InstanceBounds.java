package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.core.internal.bounds.BoundsMap;
import dev.connectionregistry.core.internal.bounds.BoundsOwner;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells what live instances would refuse in settings, by the bounds that they report. Pure. */
public final class InstanceBounds {
    private static final int SHOWN = 3;

    private InstanceBounds() {}

    /**
     * What this instance would refuse, each with the bound and what would allow it; empty if nothing, or if that is
     * unknown.
     */
    public static List<String> refusals(InstanceReport report, ConnectionSettings settings) {
        try {
            return BoundsMap.read(report.bounds()).check(settings).stream()
                    .map(refusal -> refusal.text(BoundsOwner.SERVICE))
                    .toList();
        } catch (InvalidSettingsException e) {
            return List.of(); // from a newer release, or made up; the instance itself will report what it refuses
        }
    }

    /** What the live members would refuse, each once, preceded by the names of some of the instances that would. */
    public static List<String> refusals(FleetSnapshot fleet, ConnectionSettings settings) {
        Map<String, List<String>> namesByRefusal = new LinkedHashMap<>();
        for (FleetMember member : fleet.live()) {
            for (String refusal : refusals(member.report(), settings)) {
                namesByRefusal
                        .computeIfAbsent(refusal, any -> new ArrayList<>())
                        .add(member.name());
            }
        }
        return namesByRefusal.entrySet().stream()
                .map(each -> Plural.some(each.getValue(), SHOWN, ", ") + " would refuse it: " + each.getKey())
                .toList();
    }
}
