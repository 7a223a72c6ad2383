package dev.connectionregistry.admin.settings;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads, edits and conditionally writes the settings of one database. Each call that writes reads the lock of cutovers
 * once: settings that the caller passes in as read before must come from {@link #current}.
 */
public final class ChangeSettings {
    private final SettingsReader reader;
    private final SettingsWriter writer;
    private final Authorship authorship;
    private final CommandText commands;
    private final FormerSources leftServers;

    @Inject
    public ChangeSettings(
            SettingsReader reader,
            SettingsWriter writer,
            RegistryAdministration registry,
            Authorship authorship,
            CommandText commands) {
        this.reader = reader;
        this.writer = writer;
        this.authorship = authorship;
        this.commands = commands;
        this.leftServers = new FormerSources(registry, commands);
    }

    /**
     * The current settings; they must have the version that the request names, if it names one.
     *
     * @throws OperationException if they have another version, or a cutover is under way
     */
    public VersionedSettings current(ChangeRequest request) {
        return expected(request, reader.current(request.database()));
    }

    VersionedSettings expected(ChangeRequest request, VersionedSettings current) {
        writer.requireFree(current);
        writer.requireBelievable(current);
        if (request.ifVersion().isPresent() && request.ifVersion().get() != current.version()) {
            throw reader.find(request.database(), request.ifVersion().get())
                    .map(base -> writer.conflict(base, Optional.of(current)))
                    .orElseGet(() -> neverWritten(request.ifVersion().get(), current));
        }
        return current;
    }

    /** The version may have been lost when the table was restored. */
    private OperationException neverWritten(long version, VersionedSettings current) {
        return new OperationException(
                Reason.CONFLICT,
                "'" + current.database() + "' is at version " + current.version() + ", not " + version
                        + ", which its history doesn't have; nothing was written",
                "look at it with " + commands.command("history " + current.database()));
    }

    /**
     * Checks once more that no cutover of {@code base} is under way, when time has passed since it was read or written.
     *
     * @throws OperationException if there is one
     */
    public void requireFree(VersionedSettings base) {
        writer.requireFree(base);
    }

    /** Changes what was read as {@code base}; writes nothing if the content stays the same. */
    public ChangeResult edit(ChangeRequest request, VersionedSettings base, ConnectionSettings content) {
        return write(request, base, base.next(content, authorship.sign(request.reason())));
    }

    /**
     * Spreads the reports of a database's fleet over this many partition keys; writes nothing if they are spread so
     * already.
     */
    public ChangeResult spreadReports(ChangeRequest request, VersionedSettings base, int partitions) {
        VersionedSettings same = base.next(base.settings(), authorship.sign(request.reason()));
        return write(request, base, same.withReportPartitions(partitions));
    }

    /**
     * Marks a database as removed; its history stays. Reads the lock again, since an operator may have taken long to confirm.
     *
     * @throws OperationException if a cutover is under way, or another operator wrote since
     */
    public ChangeResult remove(ChangeRequest request, VersionedSettings base) {
        requireFree(base);
        return write(request, base, base.nextRemoved(authorship.sign(request.reason())));
    }

    /** Writes what was read as {@code base} again, as a higher version. */
    public ChangeResult lift(ChangeRequest request, VersionedSettings base, long higher) {
        VersionedSettings next = base.lifted(higher, authorship.sign(request.reason()));
        if (!request.dryRun()) {
            writer.write(base, next);
        }
        return new ChangeResult(Optional.of(base), next, List.of(), !request.dryRun());
    }

    /**
     * Passes if {@code base} may be changed in this way, as far as that is known before the write.
     *
     * @throws OperationException if it leads to a server that a cutover left, and the request doesn't accept that
     */
    public void requireMayGo(ChangeRequest request, VersionedSettings base, ConnectionSettings content) {
        if (!request.acceptsLeftServer()) {
            leftServers.require(base.database(), base.settings().endpoint(), content.endpoint());
        }
    }

    private ChangeResult write(ChangeRequest request, VersionedSettings base, VersionedSettings next) {
        requireMayGo(request, base, next.settings());
        List<SettingsDiff.Difference> differences = SettingsDiff.between(base, next);
        boolean writes = !differences.isEmpty() && !request.dryRun();
        if (writes) {
            writer.write(base, next);
        }
        return new ChangeResult(Optional.of(base), differences.isEmpty() ? base : next, differences, writes);
    }

    /** Adds a database that doesn't exist; one that was removed continues with its next version. */
    public ChangeResult add(ChangeRequest request, ConnectionSettings content) {
        Optional<VersionedSettings> newest = reader.newest(request.database());
        if (newest.filter(version -> !version.removed()).isPresent()) {
            VersionedSettings current = newest.get();
            writer.requireFree(current);
            throw new OperationException(
                    Reason.ALREADY_THERE,
                    "'" + request.database() + "' is already in the registry (version " + current.version() + ", "
                            + current.settings().endpoint() + ")",
                    "change it with " + commands.command("set-endpoint " + request.database() + " HOST:PORT/NAME")
                            + ", set-credentials, set-pool or set-interval");
        }
        return put(request, newest, change -> VersionedSettings.first(request.database(), content, change), content);
    }

    /** Makes {@code imported} the next version of its database, or the first, with its unknown attributes. */
    public ChangeResult replace(ChangeRequest request, VersionedSettings imported) {
        Optional<VersionedSettings> newest = reader.newest(request.database());
        if (newest.filter(version -> !version.removed()).isPresent()) {
            VersionedSettings base = expected(request, newest.get());
            return write(request, base, asIn(imported, base.next(imported.settings(), sign(request))));
        }
        return put(
                request,
                newest,
                change -> asIn(imported, VersionedSettings.first(request.database(), imported.settings(), change)),
                imported.settings());
    }

    private Change sign(ChangeRequest request) {
        return authorship.sign(request.reason());
    }

    /** The same with what a document says besides the settings. */
    private static VersionedSettings asIn(VersionedSettings document, VersionedSettings next) {
        return next.withReportPartitions(document.reportPartitions()).withUnknown(document.unknown());
    }

    private ChangeResult put(
            ChangeRequest request,
            Optional<VersionedSettings> removed,
            Function<Change, VersionedSettings> first,
            ConnectionSettings content) {
        writer.requireUnlocked(request.database());
        if (request.ifVersion().filter(version -> version != 0).isPresent()) {
            throw new OperationException(
                    Reason.CONFLICT,
                    "'" + request.database() + "' is not in the registry, so it is not at version "
                            + request.ifVersion().get(),
                    "leave out --if-version");
        }
        if (removed.isPresent()) {
            writer.requireBelievable(removed.get());
            return write(
                    request,
                    removed.get(),
                    asIn(first.apply(sign(request)), removed.get().next(content, sign(request))));
        }
        VersionedSettings next = first.apply(sign(request));
        if (!request.dryRun()) {
            writer.writeFirst(next);
        }
        List<SettingsDiff.Difference> all = SettingsDiff.attributes(content).entrySet().stream()
                .map(each -> new SettingsDiff.Difference(each.getKey(), Optional.empty(), Optional.of(each.getValue())))
                .toList();
        return new ChangeResult(Optional.empty(), next, all, !request.dryRun());
    }

    /**
     * The result of a change.
     *
     * @param before the settings before it; empty if there were none
     * @param after the settings after it, or what they would be
     * @param differences what is different; for a new database, every attribute
     * @param written false for a dry run, and if nothing is different
     */
    public record ChangeResult(
            Optional<VersionedSettings> before,
            VersionedSettings after,
            List<SettingsDiff.Difference> differences,
            boolean written) {}

    /**
     * What every change has in common.
     *
     * @param database the database whose settings change
     * @param ifVersion only if this is the current version
     * @param reason why, for the history; may be empty
     * @param dryRun whether to say only what would be written
     * @param acceptsLeftServer whether it may move to a server that a cutover left
     */
    public record ChangeRequest(
            DatabaseName database, Optional<Long> ifVersion, String reason, boolean dryRun, boolean acceptsLeftServer) {
        /** A request that doesn't accept a server that a cutover left. */
        public ChangeRequest(DatabaseName database, Optional<Long> ifVersion, String reason, boolean dryRun) {
            this(database, ifVersion, reason, dryRun, false);
        }

        /** The same, accepting a server that a cutover left if {@code accepted}. */
        public ChangeRequest acceptingLeftServer(boolean accepted) {
            return new ChangeRequest(database, ifVersion, reason, dryRun, accepted);
        }
    }
}
