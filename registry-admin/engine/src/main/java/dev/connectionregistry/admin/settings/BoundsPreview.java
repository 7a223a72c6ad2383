package dev.connectionregistry.admin.settings;

import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.InstanceBounds;
import dev.connectionregistry.admin.server.AdminBounds;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells what this program, and the instances that use them, would refuse in settings: those in the registry, or those
 * that will be written.
 */
public final class BoundsPreview {
    private final RegistryAdministration registry;
    private final FleetWatcher watcher;
    private final AdminBounds bounds;

    @Inject
    public BoundsPreview(RegistryAdministration registry, FleetWatcher watcher, AdminBounds bounds) {
        this.registry = registry;
        this.watcher = watcher;
        this.bounds = bounds;
    }

    /**
     * One thing that is refused.
     *
     * @param database the database whose settings these are
     * @param problem who refuses what, and what would allow it
     */
    public record Refused(DatabaseName database, String problem) {}

    /** The bounds that apply to this program's own logins, one line each. */
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

    /**
     * What the live instances of {@code database} would refuse in {@code content}, for a warning before it is written;
     * also empty if their reports can't be read, since the write has its own errors.
     */
    public List<String> refusals(DatabaseName database, ConnectionSettings content) {
        List<String> problems = new ArrayList<>();
        bounds.refusedProperties(content.properties()).stream()
                .map(refusal -> "registry-admin would refuse it: " + refusal)
                .forEach(problems::add);
        try {
            problems.addAll(ofInstances(database, content));
        } catch (RegistryException e) {
            return problems;
        }
        return problems;
    }

    /**
     * Checks the driver properties that {@code after} has and {@code before} doesn't have, or has with another value.
     *
     * @throws dev.connectionregistry.settings.InvalidSettingsException naming each that services refuse unless they
     *     allow it
     */
    public void requireSet(ConnectionSettings before, ConnectionSettings after) {
        Map<String, String> set = new TreeMap<>(after.properties());
        set.entrySet().removeAll(before.properties().entrySet());
        bounds.requireProperties(set);
    }

    /**
     * Checks all driver properties of settings that come back after their removal.
     *
     * @throws dev.connectionregistry.settings.InvalidSettingsException naming each that services refuse unless they allow it
     */
    public void requireAll(ConnectionSettings settings) {
        bounds.requireProperties(settings.properties());
    }

    private List<String> of(DatabaseName database, ConnectionSettings settings) {
        List<String> problems = new ArrayList<>();
        bounds.refusals(settings).forEach(refusal -> problems.add("registry-admin would refuse it: " + refusal));
        problems.addAll(ofInstances(database, settings));
        return problems;
    }

    private List<String> ofInstances(DatabaseName database, ConnectionSettings settings) {
        return InstanceBounds.refusals(watcher.once(database, FleetGoal.active(0)), settings);
    }
}
