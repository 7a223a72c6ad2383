package dev.connectionregistry.admin.settings;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.SimilarNames;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** Reads settings that must exist; any other answer is an error that says what to do. */
public final class SettingsReader {
    private final RegistryAdministration registry;
    private final CommandText commands;

    @Inject
    public SettingsReader(RegistryAdministration registry, CommandText commands) {
        this.registry = registry;
        this.commands = commands;
    }

    public VersionedSettings current(DatabaseName database) {
        return newest(database).filter(newest -> !newest.removed()).orElseThrow(() -> unknown(database));
    }

    /** The newest version, even of a database that was removed; empty if it never existed. */
    public Optional<VersionedSettings> newest(DatabaseName database) {
        ReadResult result = registry.read(database).answered();
        if (result instanceof ReadResult.Malformed malformed) {
            throw new OperationException(
                    Reason.UNREADABLE,
                    "the settings of '" + database + "'"
                            + malformed
                                    .version()
                                    .map(version -> " (version " + version + ")")
                                    .orElse("")
                            + " can't be used: " + malformed.problem(),
                    "look at its history with " + commands.command("history " + database)
                            + "; restore the newest good version with "
                            + commands.command("repair " + database + " --dry-run"));
        }
        return result.newest();
    }

    /** A version; empty if it isn't in the history. */
    Optional<VersionedSettings> find(DatabaseName database, long version) {
        return registry.version(database, version);
    }

    /** A version that must have been written. */
    public VersionedSettings version(DatabaseName database, long version) {
        return registry.version(database, version).orElseThrow(() -> {
            List<VersionedSettings> newest = registry.history(database, 1);
            return newest.isEmpty()
                    ? unknown(database)
                    : new OperationException(
                            Reason.UNKNOWN,
                            "'" + database + "' has no version " + version + "; the newest is "
                                    + newest.get(0).version(),
                            commands.command("history " + database));
        });
    }

    private OperationException unknown(DatabaseName database) {
        return registry.read(database)
                .newest()
                .filter(VersionedSettings::removed)
                .map(last -> new OperationException(
                        Reason.UNKNOWN,
                        "'" + database + "' was removed from the registry (version " + last.version() + ", by "
                                + last.change().by() + ")",
                        "restore it with " + commands.command("rollback " + database)))
                .orElseGet(() -> new OperationException(
                        Reason.UNKNOWN,
                        "there is no database '" + database + "' in " + registry.describe(),
                        advice(database)));
    }

    private String advice(DatabaseName database) {
        try {
            List<String> names = registry.list().stream()
                    .map(listed -> listed.database().value())
                    .toList();
            List<String> close = SimilarNames.to(database.value(), names);
            if (!close.isEmpty()) {
                return "did you mean " + String.join(", ", close) + "?";
            }
            return names.isEmpty()
                    ? "the registry is empty; begin with " + commands.command("add --help")
                    : "see " + commands.command("list");
        } catch (RegistryException e) {
            return "see " + commands.command("list");
        }
    }
}
