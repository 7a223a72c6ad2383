package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.RunTimes;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.TakeOverRequest;
import dev.connectionregistry.admin.cutover.coordinator.JournalTrust.KnownMember;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the run that somebody wants to take over. */
final class OpenRuns {
    /**
     * The prefix of a rehearsal's id. A run's id is in the settings as well, and not everybody who may write the
     * journal may write those; so no forged journal can turn a rehearsal that prepared something into a cutover.
     */
    static final String REHEARSAL = "r-";

    private final RegistryAdministration registry;
    private final CutoverRegistry cutovers;
    private final CommandText commands;
    private final Readers readers;

    OpenRuns(RegistryAdministration registry, CutoverRegistry cutovers, CommandText commands, Readers readers) {
        this.registry = registry;
        this.cutovers = cutovers;
        this.commands = commands;
        this.readers = readers;
    }

    /** The run that has the lock, if it is the one that is meant. */
    RunRecord find(TakeOverRequest request) {
        DatabaseName database = request.database();
        CutoverLock lock = cutovers.lock(database).filter(CutoverLock::held).orElseThrow(() -> noneOpen(database));
        if (request.runId().filter(id -> !id.equals(lock.runId())).isPresent()) {
            throw failed(
                    "cutover " + request.runId().get() + " is not open; " + lock.runId() + " has the lock of '"
                            + database + "', taken by " + lock.by() + " at " + lock.at(),
                    database);
        }
        Optional<Map<String, Object>> journal = cutovers.journal(database, lock.runId());
        RunRecord record = journal.isPresent() ? read(journal.get(), lock) : withoutJournal(lock, request);
        if ((record.spec().rehearsal() || lock.runId().startsWith(REHEARSAL)) && request.purpose() == Purpose.RESUME) {
            throw new OperationException(
                    Reason.FAILED,
                    "cutover " + lock.runId() + " is a rehearsal; there is no point in resuming it",
                    commands.command("cutover abort " + database));
        }
        RunSpec said = record.spec();
        requireLocked(said, lock);
        List<KnownMember> known = said.members().stream().map(this::known).toList();
        return record.with(new JournalTrust(request, commands).spec(said, known));
    }

    private KnownMember known(GroupMember member) {
        // empty if they can't be used: then the run finds out the current state once it has the lock
        Optional<VersionedSettings> current =
                registry.read(member.name()).answered().current();
        return new KnownMember(member, current, KnownServers.read(registry, member, current));
    }

    /** If a journal names other databases as well, it is believed only if their own locks say so. */
    private void requireLocked(RunSpec said, CutoverLock lock) {
        for (GroupMember member : said.members()) {
            if (!isOfRun(lock, cutovers.lock(member.name()))) {
                throw failed(
                        "the journal of cutover " + said.id() + " says that it moves '" + member.name()
                                + "' as well, but that name's lock is not this run's; the journal may be forged",
                        lock.database());
            }
        }
    }

    /** If there is no such database, that is the error to report. */
    private OperationException noneOpen(DatabaseName database) {
        VersionedSettings current = new SettingsReader(registry, commands).current(database);
        return failed(
                "no cutover of '" + current.database() + "' is open; it is on "
                        + current.settings().endpoint() + ", version " + current.version(),
                database);
    }

    private RunRecord read(Map<String, Object> journal, CutoverLock lock) {
        DatabaseName database = lock.database();
        try {
            RunRecord record = RunRecordCodec.record(journal, database, lock.runId());
            if (!record.spec().database().equals(lock.journal())) {
                throw new InvalidSettingsException("the journal of cutover " + lock.runId() + " of '" + database
                        + "' can't be read: it says that it is under '"
                        + record.spec().database() + "', and the lock that it is under '" + lock.journal() + "'");
            }
            return record;
        } catch (InvalidSettingsException e) {
            throw new OperationException(
                    Reason.UNREADABLE,
                    String.valueOf(e.getMessage()),
                    "use the release of registry-admin that started the run, since a newer release may write what this"
                            + " one can't read; without it, follow 'A journal that can't be read' in docs/cutover.md."
                            + " See "
                            + commands.command("cutover status " + database),
                    e);
        }
    }

    /** The journal is written before anything else, so without one there is nothing to finish. */
    private RunRecord withoutJournal(CutoverLock lock, TakeOverRequest request) {
        DatabaseName database = lock.database();
        if (request.purpose() == Purpose.RESUME) {
            throw new OperationException(
                    Reason.FAILED,
                    "cutover " + lock.runId() + " has no journal: it ended before it had started anything",
                    commands.command("cutover abort " + database));
        }
        List<GroupMember> members = new ArrayList<>();
        for (DatabaseName name : names(lock)) {
            VersionedSettings current = registry.read(name)
                    .current()
                    .orElseThrow(() -> failed(
                            "cutover " + lock.runId() + " has no journal, and '" + name + "' can't be read", database));
            members.add(member(lock, current, members.size()));
        }
        return RunRecord.of(undoing(lock, recognised(members, lock, request)));
    }

    /** As far as the servers can be asked; without an answer the run finds out by itself. */
    private List<GroupMember> recognised(List<GroupMember> members, CutoverLock lock, TakeOverRequest request) {
        try {
            return readers.recognised(members, lock.runId(), request.sourceAdmin());
        } catch (OperationException e) {
            return members;
        }
    }

    /**
     * The names whose locks belong to this run, since without a journal only the locks say so; the one that would have
     * the journal is the first. The lock of a name that is left out here could not be given back later, since the
     * journal of this undo would not have it.
     */
    private List<DatabaseName> names(CutoverLock lock) {
        return locked(lock).stream()
                .sorted(Comparator.comparing((DatabaseName name) -> !name.equals(lock.journal()))
                        .thenComparing(DatabaseName::value))
                .toList();
    }

    private List<DatabaseName> locked(CutoverLock lock) {
        try {
            Stream<DatabaseName> others = registry.list().stream()
                    .map(RegistryAdministration.Listed::database)
                    .filter(name -> !name.equals(lock.database()) && isOfRun(lock, cutovers.lock(name)));
            return Stream.concat(Stream.of(lock.database()), others).toList();
        } catch (RegistryException e) {
            boolean mayBeAlone = lock.journal().equals(lock.database());
            if (e.kind() == RegistryException.Kind.DENIED && mayBeAlone) {
                return List.of(lock.database()); // this operator's rights are limited to some names
            }
            throw e;
        }
    }

    private static boolean isOfRun(CutoverLock lock, Optional<CutoverLock> other) {
        return other.filter(each -> each.held()
                        && each.runId().equals(lock.runId())
                        && each.journal().equals(lock.journal()))
                .isPresent();
    }

    private static GroupMember member(CutoverLock lock, VersionedSettings current, int index) {
        ConnectionSettings target = current.transition().map(Transition::target).orElse(current.settings());
        // what is in the settings counts: the journal, which had the order of the names, is gone
        String transitionId = current.transition()
                .map(Transition::id)
                .filter(id -> id.equals(lock.runId()) || id.startsWith(lock.runId() + "-"))
                .orElseGet(() -> RunSpec.transitionId(lock.runId(), index));
        return new GroupMember(current.database(), transitionId, current.version(), current.settings(), target);
    }

    private static RunSpec undoing(CutoverLock lock, List<GroupMember> members) {
        RunTimes times = new RunTimes(
                RunTimes.BUDGET,
                RunTimes.usualGrace(RunTimes.BUDGET),
                RunTimes.POLL,
                RunTimes.PREPARE,
                RunTimes.PATIENCE);
        return new RunSpec(
                lock.runId(),
                false,
                lock.by(),
                lock.at(),
                "",
                members,
                new RunOptions(RepeatedOptions.NONE, times, false, AdminLogin.SAME, AdminLogin.SAME));
    }

    private OperationException failed(String message, DatabaseName database) {
        return new OperationException(Reason.FAILED, message, "see " + commands.command("cutover status " + database));
    }
}
