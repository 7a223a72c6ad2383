package dev.connectionregistry.admin.settings;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Writes versions on condition that nobody has written since; otherwise the error says who wrote what, when and why. If
 * an answer gets lost, it reads again, so that our own write is not mistaken for somebody else's.
 */
public final class SettingsWriter {
    private static final int SHOWN_CHANGES = 5;

    private final RegistryAdministration registry;
    private final CutoverGuard guard;
    private final CommandText commands;

    @Inject
    public SettingsWriter(RegistryAdministration registry, CutoverRegistry cutovers, CommandText commands) {
        this.registry = registry;
        this.guard = new CutoverGuard(cutovers, commands);
        this.commands = commands;
    }

    /**
     * Checks that instances believe the version of {@code standing}, so that the next version can be built on it.
     *
     * @throws OperationException if it isn't, with the way out
     */
    void requireBelievable(VersionedSettings standing) {
        PlausibleVersion.complaint(registry, standing).ifPresent(complaint -> {
            throw new OperationException(
                    Reason.UNREADABLE,
                    "version " + standing.version() + " of '" + standing.database() + "' can't be built on: "
                            + complaint,
                    "replace it with a version that they follow: "
                            + commands.command("repair " + standing.database() + " --dry-run"));
        });
    }

    /**
     * Checks that no cutover of {@code base} is under way. Called once for each version that a write builds on, after
     * it was read.
     *
     * @throws OperationException if there is one
     */
    public void requireFree(VersionedSettings base) {
        guard.requireFree(base);
    }

    /**
     * Checks that no cutover has the lock of a database that has no settings to ask about. Called after they were
     * looked up.
     *
     * @throws OperationException if one has
     */
    void requireUnlocked(DatabaseName database) {
        guard.requireUnlocked(database);
    }

    /**
     * Writes {@code next}, which was made from {@code base}; returns it. The caller has seen that {@code base}
     * {@linkplain #requireFree is free} since it was read: a cutover that begins later writes a version of its own,
     * which this write then conflicts with.
     *
     * @throws OperationException if another operator or a cutover wrote since
     */
    public VersionedSettings write(VersionedSettings base, VersionedSettings next) {
        WriteResult result = attempt(next, base.version());
        if (result instanceof WriteResult.Conflict conflict && !isOurs(conflict.actual(), next)) {
            throw conflict(base, conflict.actual().newest());
        }
        return next;
    }

    /**
     * Writes the first version of a database. The caller has seen that it {@linkplain #requireUnlocked is not locked}.
     *
     * @throws OperationException if another operator was faster, or a cutover is under way
     */
    public VersionedSettings writeFirst(VersionedSettings first) {
        WriteResult result = attempt(first, 0);
        if (result instanceof WriteResult.Conflict conflict && !isOurs(conflict.actual(), first)) {
            conflict.actual().newest().ifPresent(guard::requireFree);
            throw new OperationException(
                    Reason.CONFLICT,
                    "'" + first.database() + "' was just added by another operator"
                            + conflict.actual()
                                    .newest()
                                    .map(actual -> ": " + signature(actual))
                                    .orElse(""),
                    "");
        }
        return first;
    }

    private WriteResult attempt(VersionedSettings next, long base) {
        try {
            return registry.write(next, base);
        } catch (RegistryException e) {
            boolean unknown = e.kind() == RegistryException.Kind.OUTCOME_UNKNOWN;
            if (unknown && isOurs(registry.read(next.database()), next)) {
                return new WriteResult.Written(next);
            }
            throw e;
        }
    }

    private static boolean isOurs(ReadResult actual, VersionedSettings next) {
        return actual.newest().filter(next::equals).isPresent();
    }

    /** The error for a write that was made from {@code base} while {@code now} is the newest version that can be read. */
    OperationException conflict(VersionedSettings base, Optional<VersionedSettings> now) {
        return now.flatMap(guard::refusal).orElseGet(() -> overtaken(base, now));
    }

    private OperationException overtaken(VersionedSettings base, Optional<VersionedSettings> now) {
        StringBuilder text = new StringBuilder(
                "another operator changed '" + base.database() + "': it was at version " + base.version());
        now.ifPresent(settings -> text.append(", now it is at ").append(settings.version()));
        if (now.isEmpty()) {
            text.append(", now it can't be read");
        }
        for (VersionedSettings change : since(base.database(), base.version())) {
            text.append("\n  version ").append(signature(change));
        }
        now.ifPresent(settings -> SettingsDiff.between(base, settings)
                .forEach(difference -> text.append("\n    ").append(difference)));
        return new OperationException(
                Reason.CONFLICT,
                text + "\nit was not overwritten",
                "check it and, if the command is still right, run it again");
    }

    private List<VersionedSettings> since(DatabaseName database, long version) {
        try {
            List<VersionedSettings> changes = new ArrayList<>(registry.history(database, SHOWN_CHANGES));
            changes.removeIf(change -> change.version() <= version);
            Collections.reverse(changes);
            return changes;
        } catch (RegistryException e) {
            return List.of();
        }
    }

    private static String signature(VersionedSettings settings) {
        Change change = settings.change();
        return Printable.line(settings.version() + " by " + change.by() + " at " + change.at()
                + (change.reason().isEmpty() ? "" : ", \"" + change.reason() + "\""));
    }
}
