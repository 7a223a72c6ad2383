package dev.connectionregistry.admin.operation;

import dev.connectionregistry.admin.operation.OperationException.Reason;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * Finds what to go back to. An interval that was shortened only for an operation doesn't count as a change of its own and
 * is never brought back: going back from {@code B, 30s} over {@code B, 1s (normally 30s)} finds {@code A, 30s}.
 */
public final class RollbackTarget {
    private static final int SEARCHED = 100;

    private final RegistryAdministration registry;
    private final SettingsReader reader;
    private final ChangeSettings changes;
    private final CommandText commands;

    /** Looks in {@code registry}'s history. */
    @Inject
    public RollbackTarget(
            RegistryAdministration registry, SettingsReader reader, ChangeSettings changes, CommandText commands) {
        this.registry = registry;
        this.reader = reader;
        this.changes = changes;
        this.commands = commands;
    }

    /** The newest version, also if it says that the database was removed; of the number that the request names, if any. */
    public VersionedSettings newest(ChangeRequest request) {
        ReadResult newest = reader.newest(request.database());
        return newest instanceof ReadResult.Absent absent && absent.removedAt().isPresent()
                ? changes.expected(request, absent.removedAt().get())
                : changes.current(request);
    }

    /** The version {@code explicit}, or the newest one before {@code from} whose lasting content is another. */
    public VersionedSettings find(VersionedSettings from, Optional<Long> explicit) {
        if (explicit.isPresent()) {
            return reader.version(from.database(), explicit.get());
        }
        return choose(from, registry.history(from.database(), SEARCHED))
                .orElseThrow(() -> new OperationException(
                        Reason.FAILED,
                        "'" + from.database() + "' has no earlier content to go back to (version " + from.version()
                                + ")",
                        commands.command("history " + from.database())));
    }

    /** The decision of {@link #find}, from the history newest first. */
    static Optional<VersionedSettings> choose(VersionedSettings from, List<VersionedSettings> history) {
        if (from.removed()) {
            return Optional.of(from);
        }
        ConnectionSettings present = lasting(from.settings());
        return history.stream()
                .filter(version -> version.version() < from.version() && !version.removed())
                .filter(version -> !lasting(version.settings()).equals(present))
                .findFirst();
    }

    /** A content without an operation's temporary interval. */
    public static ConnectionSettings lasting(ConnectionSettings settings) {
        return settings.withPolling(settings.polling().restored());
    }
}
