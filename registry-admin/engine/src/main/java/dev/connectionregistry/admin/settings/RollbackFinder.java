package dev.connectionregistry.admin.settings;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * Finds what to go back to. An interval that was shortened only for an operation doesn't count as a change of its own
 * and is never restored: going back from {@code B, 30s} over {@code B, 1s (normally 30s)} finds {@code A, 30s}.
 */
public final class RollbackFinder {
    private static final int SEARCHED = 100;

    private final RegistryAdministration registry;
    private final FleetWatcher watcher;
    private final SettingsReader reader;
    private final ChangeSettings changes;
    private final CommandText commands;

    @Inject
    public RollbackFinder(
            RegistryAdministration registry,
            FleetWatcher watcher,
            SettingsReader reader,
            ChangeSettings changes,
            CommandText commands) {
        this.registry = registry;
        this.watcher = watcher;
        this.reader = reader;
        this.changes = changes;
        this.commands = commands;
    }

    /**
     * The newest version, even if it says that the database was removed; it must have the number that the request
     * names, if any.
     */
    public VersionedSettings newest(ChangeRequest request) {
        return reader.newest(request.database())
                .map(newest -> changes.expected(request, newest))
                .orElseGet(() -> changes.current(request));
    }

    /**
     * What to go back to.
     *
     * @param settings the version whose content is taken
     * @param text says which it is and why
     */
    public record Target(VersionedSettings settings, String text) {}

    /**
     * The version {@code explicit}; or the newest one that live instances serve, if its lasting content differs from
     * that of {@code from}; or the newest one before {@code from} of which that is true.
     *
     * @throws OperationException if there is none, or if going to that one may be a move forward
     */
    public Target find(VersionedSettings from, Optional<Long> explicit) {
        if (explicit.isPresent()) {
            return new Target(reader.version(from.database(), explicit.get()), goingBack(explicit.get()));
        }
        return choose(from, registry.history(from.database(), SEARCHED), served(from), commands)
                .orElseThrow(() -> new OperationException(
                        Reason.FAILED,
                        "'" + from.database() + "' has no earlier content to go back to (version " + from.version()
                                + ")",
                        commands.command("history " + from.database())));
    }

    /**
     * The version that each live instance serves; nothing if the fleet can't be read, since a rollback needs no fleet.
     */
    private List<Long> served(VersionedSettings from) {
        try {
            return watcher.once(from.database(), FleetGoal.active(from.version())).live().stream()
                    .filter(member -> !member.ahead())
                    .map(member -> member.report().version())
                    .toList();
        } catch (RegistryException e) {
            return List.of();
        }
    }

    /** The decision of {@link #find}, from the history newest first and the versions that live instances serve. */
    private static Optional<Target> choose(
            VersionedSettings from, List<VersionedSettings> history, List<Long> served, CommandText commands) {
        if (from.removed()) {
            return Optional.of(new Target(from, goingBack(from.version())));
        }
        List<VersionedSettings> others = history.stream()
                .filter(version -> version.version() < from.version() && !version.removed())
                .filter(version -> !sameContent(version, from))
                .toList();
        Optional<VersionedSettings> inService = others.stream()
                .filter(version -> served.contains(version.version()))
                .findFirst();
        if (inService.isPresent()) {
            VersionedSettings target = inService.get();
            return Optional.of(new Target(
                    target,
                    goingBack(target.version()) + ", which " + serving(target, history, served) + " of " + served.size()
                            + " instances serve"));
        }
        return others.stream().findFirst().map(target -> newestOther(from, target, history, served, commands));
    }

    /**
     * If the current content also existed before {@code target}, then {@code target} may be what an operator has gone
     * back from, or where the fleet was before it moved for the second time. The history looks the same, so while the
     * fleet works the operator decides.
     */
    private static Target newestOther(
            VersionedSettings from,
            VersionedSettings target,
            List<VersionedSettings> history,
            List<Long> served,
            CommandText commands) {
        Optional<VersionedSettings> before = history.stream()
                .filter(version -> version.version() < target.version() && !version.removed())
                .filter(version -> sameContent(version, from))
                .findFirst();
        if (before.isEmpty()) {
            return new Target(target, goingBack(target.version()));
        }
        String left = "version " + target.version() + " (" + target.settings().endpoint()
                + ") was left for the content of version " + before.get().version();
        if (!served.isEmpty() && serving(from, history, served) == served.size()) {
            throw new OperationException(
                    Reason.FAILED,
                    "nothing was written: " + left + " (" + from.settings().endpoint() + "), and all " + served.size()
                            + " live instances serve that. If you have just gone back, it is done;"
                            + " if you want to return to version " + target.version() + ", say so",
                    commands.command("rollback " + from.database() + " --to " + target.version()));
        }
        return new Target(target, "going forward again: " + left);
    }

    private static long serving(VersionedSettings content, List<VersionedSettings> history, List<Long> served) {
        return served.stream()
                .filter(version ->
                        history.stream().anyMatch(each -> each.version() == version && sameContent(each, content)))
                .count();
    }

    private static String goingBack(long version) {
        return "going back to the content of version " + version;
    }

    private static boolean sameContent(VersionedSettings one, VersionedSettings other) {
        return lasting(one.settings()).equals(lasting(other.settings()));
    }

    /** A content without an operation's temporary interval. */
    public static ConnectionSettings lasting(ConnectionSettings settings) {
        return settings.withPolling(settings.polling().restored());
    }
}
