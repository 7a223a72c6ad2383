package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Instances as the operator names them: {@code service/instance}, or the instance alone. Pure. */
final class FleetNames {
    private FleetNames() {}

    /**
     * The full names of {@code given}.
     *
     * @throws InvalidSettingsException if no instance, or more than one, has that name
     */
    static Set<String> resolve(Set<String> given, List<InstanceReport> fleet) {
        Set<String> names = new TreeSet<>();
        for (String each : given) {
            List<String> meant = fleet.stream()
                    .filter(report ->
                            report.name().equals(each) || report.instance().equals(each))
                    .map(InstanceReport::name)
                    .distinct() // a process that uses several names of a group has a report for each
                    .toList();
            if (meant.size() != 1) {
                throw new InvalidSettingsException("--without " + each
                        + (meant.isEmpty()
                                ? ": no instance of the fleet has that name; the instances are "
                                        + fleet.stream()
                                                .map(InstanceReport::name)
                                                .toList()
                                : " could be any of " + meant + "; write service/instance"));
            }
            names.add(meant.get(0));
        }
        return names;
    }
}
