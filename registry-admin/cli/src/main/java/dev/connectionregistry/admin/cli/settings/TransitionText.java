package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.settings.RollbackFinder;
import dev.connectionregistry.admin.settings.SettingsDiff;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The cutover in the settings, in words. Pure. */
public final class TransitionText {
    private TransitionText() {}

    /** {@code cutover c-3f9a1b2c to db2:5432/orders: hold since 2026-11-01T12:00:00Z}; empty if the database is steady. */
    public static Optional<String> headline(VersionedSettings settings) {
        return settings.transition()
                .map(transition -> transition + ": " + transition.phase() + " since "
                        + settings.change().at());
    }

    /** The headline with the hold budget, then what the switch will change; nothing if the database is steady. */
    public static List<String> lines(VersionedSettings settings) {
        List<String> lines = new ArrayList<>();
        settings.transition().ifPresent(transition -> {
            lines.add(headline(settings).orElseThrow() + ", hold budget " + Durations.text(transition.holdBudget()));
            SettingsDiff.between(settings.settings(), transition.target()).forEach(each -> lines.add("  " + each));
        });
        return lines;
    }

    /** {@code db1:5432/orders}; during a cutover {@code db1:5432/orders -> db2:5432/orders (hold)}. */
    static String endpoints(VersionedSettings settings) {
        return settings.settings().endpoint()
                + settings.transition()
                        .map(transition -> " -> " + transition.target().endpoint() + " (" + transition.phase() + ")")
                        .orElse("");
    }

    /**
     * What {@code after} did to a cutover: started it, entered the next phase, switched or gave up; empty if nothing.
     */
    public static Optional<String> step(VersionedSettings before, VersionedSettings after) {
        if (after.transition().isPresent()) {
            return after.transition().map(now -> now + ": " + now.phase() + again(before, now));
        }
        return before.transition()
                .map(was -> "cutover " + was.id() + ": " + ending(before.settings(), was, after.settings()));
    }

    private static String again(VersionedSettings before, Transition now) {
        return before.transition()
                .filter(was -> was.id().equals(now.id()) && was.phase() == now.phase())
                .map(was -> " again")
                .orElse("");
    }

    private static String ending(ConnectionSettings source, Transition was, ConnectionSettings now) {
        if (sameContent(now, was.target())) {
            return "switched";
        }
        return sameContent(now, source) ? "given up" : "ended";
    }

    private static boolean sameContent(ConnectionSettings one, ConnectionSettings other) {
        return RollbackFinder.lasting(one).equals(RollbackFinder.lasting(other));
    }
}
