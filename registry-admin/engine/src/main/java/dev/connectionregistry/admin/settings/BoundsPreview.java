package dev.connectionregistry.admin.settings;

import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.InstanceBounds;
import dev.connectionregistry.admin.server.AdminBounds;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;

/** What would be refused of the settings that are in the registry now, by this program and by the instances that use them. */
public final class BoundsPreview {
    private final RegistryAdministration registry;
    private final FleetWatcher watcher;
    private final AdminBounds bounds;

    /** Reads settings from {@code registry} and reports through {@code watcher}. */
    @Inject
    public BoundsPreview(RegistryAdministration registry, FleetWatcher watcher, AdminBounds bounds) {
        this.registry = registry;
        this.watcher = watcher;
        this.bounds = bounds;
    }

    /**
     * One thing that is refused.
     *
     * @param database whose settings
     * @param problem who refuses it, what, and what allows it
     */
    public record Refused(DatabaseName database, String problem) {}

    /** What this program allows itself to log in to, a line for each bound. */
    public List<String> inForce() {
        return bounds.guard().bounds().describe();
    }

    /**
     * What is refused now; reads the registry once for each database.
     *
     * @throws dev.connectionregistry.registry.RegistryException if it can't be read
     */
    public List<Refused> refused() {
        List<Refused> refused = new ArrayList<>();
        for (RegistryAdministration.Listed listed : registry.list()) {
            if (listed.result() instanceof ReadResult.Found found) {
                of(listed.database(), found.settings().settings()).stream()
                        .map(problem -> new Refused(listed.database(), problem))
                        .forEach(refused::add);
                found.settings()
                        .transition()
                        .ifPresent(transition -> of(listed.database(), transition.target()).stream()
                                .map(problem -> new Refused(listed.database(), "target of the cutover: " + problem))
                                .forEach(refused::add));
            }
        }
        return refused;
    }

    private List<String> of(DatabaseName database, ConnectionSettings settings) {
        List<String> problems = new ArrayList<>();
        bounds.refusals(settings).forEach(refusal -> problems.add("registry-admin would refuse it: " + refusal));
        problems.addAll(InstanceBounds.refusals(watcher.once(database, FleetGoal.active(0)), settings));
        return problems;
    }
}
