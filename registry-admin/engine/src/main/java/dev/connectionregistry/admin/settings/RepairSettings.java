package dev.connectionregistry.admin.settings;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.core.internal.codec.VersionBounds;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * Replaces current settings on which no ordinary write can build: an item that can't be read, or whose version is so
 * far above what was known that instances refuse it. The content comes from the history; the version is above all that
 * history and reports may legitimately contain, so that every instance follows it.
 */
public final class RepairSettings {
    private final RegistryAdministration registry;
    private final Authorship authorship;
    private final CommandText commands;
    private final CutoverGuard guard;

    @Inject
    public RepairSettings(
            RegistryAdministration registry, CutoverRegistry cutovers, Authorship authorship, CommandText commands) {
        this.registry = registry;
        this.authorship = authorship;
        this.commands = commands;
        this.guard = new CutoverGuard(cutovers, commands);
    }

    /**
     * The result of a repair.
     *
     * @param wrong what is wrong with the current settings
     * @param before the current version; empty if it can't be read
     * @param from the version whose content is taken
     * @param after what is written in its place, or would be
     * @param written whether it was written
     * @param ahead instances that have seen an even higher version and follow only after a restart
     */
    public record Repair(
            String wrong,
            Optional<Long> before,
            long from,
            VersionedSettings after,
            boolean written,
            List<String> ahead) {}

    /**
     * Repairs; writes nothing if the request is for a dry run.
     *
     * @param explicit the version whose content to take; if empty, the newest plausible one that isn't a removal
     * @throws OperationException if nothing is wrong, there is nothing to take, a cutover has its lock, or something else was
     *     written meanwhile
     */
    public Repair run(ChangeRequest request, Optional<Long> explicit) {
        DatabaseName database = request.database();
        ReadResult current = registry.read(database).answered();
        String wrong = wrong(database, current);
        guard.requireUnlocked(database);
        List<VersionedSettings> believed = PlausibleVersion.read(registry, database);
        VersionedSettings from = content(database, believed, explicit);
        List<InstanceReport> reports = registry.readFleet(database).items();
        long next = PlausibleVersion.seen(believed, reports) + 1;
        VersionedSettings repaired = new VersionedSettings(
                database,
                next,
                RollbackFinder.lasting(from.settings()),
                authorship.sign(request.reason()),
                false,
                Optional.empty(),
                from.reportPartitions(),
                from.unknown());
        if (!request.dryRun()) {
            write(repaired, current);
        }
        List<String> ahead = reports.stream()
                .filter(report -> report.acknowledgedVersion() >= next)
                .map(InstanceReport::name)
                .toList();
        return new Repair(wrong, current.version(), from.version(), repaired, !request.dryRun(), ahead);
    }

    private String wrong(DatabaseName database, ReadResult current) {
        if (current instanceof ReadResult.Malformed malformed) {
            return malformed.problem();
        }
        Optional<VersionedSettings> settings = current.newest();
        return settings.flatMap(each -> PlausibleVersion.complaint(registry, each))
                .orElseThrow(() -> new OperationException(
                        Reason.FAILED,
                        "there is nothing to repair: the settings of '" + database + "' "
                                + (settings.isPresent() ? "can be used" : "don't exist"),
                        commands.command(settings.isPresent() ? "show " + database : "list")));
    }

    private VersionedSettings content(
            DatabaseName database, List<VersionedSettings> believed, Optional<Long> explicit) {
        return believed.stream()
                .filter(version -> explicit.isEmpty() ? !version.removed() : explicit.get() == version.version())
                .findFirst()
                .orElseThrow(() -> new OperationException(
                        Reason.UNKNOWN,
                        explicit.map(version -> "the history of '" + database + "' has no version " + version
                                        + " that is plausible (up to " + VersionBounds.LARGEST_STEP
                                        + " above the one before it)")
                                .orElse("the history of '" + database + "' has no version whose content could be used"),
                        explicit.isPresent()
                                ? commands.command("history " + database)
                                : "delete its current item by hand, then " + commands.command("add " + database)));
    }

    private void write(VersionedSettings repaired, ReadResult current) {
        WriteResult result = attempt(repaired, current);
        if (!(result instanceof WriteResult.Written)) {
            throw new OperationException(
                    Reason.CONFLICT,
                    "the settings of '" + repaired.database()
                            + "' were changed at the same moment; they were not overwritten",
                    commands.command("show " + repaired.database()));
        }
    }

    /** If the answer gets lost, reads again, so that our own write is not mistaken for another operator's. */
    private WriteResult attempt(VersionedSettings repaired, ReadResult current) {
        try {
            return registry.repair(repaired, current);
        } catch (RegistryException e) {
            boolean ours = e.kind() == RegistryException.Kind.OUTCOME_UNKNOWN
                    && registry.read(repaired.database()).current().equals(Optional.of(repaired));
            if (ours) {
                return new WriteResult.Written(repaired);
            }
            throw e;
        }
    }
}
