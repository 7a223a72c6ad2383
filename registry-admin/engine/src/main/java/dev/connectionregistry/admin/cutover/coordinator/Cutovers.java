package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.cutover.CutoverObserver;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.step.CutoverChecks;
import dev.connectionregistry.admin.cutover.step.PreflightCheck;
import dev.connectionregistry.admin.cutover.step.StepActions;
import dev.connectionregistry.admin.preflight.Preflight;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.settings.Authorship;
import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Begins cutovers and takes them over; each call carries one run out, or says in an exception why there is none. */
public final class Cutovers {
    /** In an undo the two locks, the fence and the settings may each need the patience. */
    private static final int PATIENCES = 5;

    private final RegistryAdministration registry;
    private final CutoverRun.Tools tools;
    private final CommandText commands;
    private final SettingsReader reader;
    private final OpenRuns openRuns;
    private final Preflight preflight;
    private final Readers readers;

    @Inject
    public Cutovers(
            RegistryAdministration registry,
            CutoverRegistry cutovers,
            CutoverServers servers,
            Timing timing,
            Authorship authorship,
            CommandText commands,
            Preflight preflight) {
        this.registry = registry;
        this.tools = new CutoverRun.Tools(registry, cutovers, servers, timing, authorship);
        this.commands = commands;
        this.reader = new SettingsReader(registry, commands);
        this.preflight = preflight;
        this.readers = new Readers(servers, commands);
        this.openRuns = new OpenRuns(registry, cutovers, commands, readers);
    }

    /**
     * Begins a run and carries it out.
     *
     * @throws OperationException if there is no such database, another cutover is under way, or the version is a
     *     different one
     * @throws dev.connectionregistry.settings.InvalidSettingsException if the options make no sense for this fleet, or
     *     a check to be skipped doesn't exist
     */
    public CutoverResult start(CutoverRequest request, CutoverObserver observer) {
        StepActions steps = steps(request);
        RunSpec spec = spec(request);
        Purpose purpose = request.rehearsal() ? Purpose.REHEARSAL : Purpose.CUTOVER;
        return carryOut(RunRecord.of(spec), purpose, steps, observer);
    }

    /**
     * Makes the checks of a run and says what it would do. On the source it takes the lock for that time; nothing is
     * written anywhere.
     *
     * @throws OperationException as {@link #start}, if a check fails, and if another run has the lock, alive or dead
     */
    public RunRecord dryRun(CutoverRequest request, CutoverObserver observer) {
        StepActions steps = steps(request);
        RunSpec spec = spec(request);
        request.names().forEach(each -> requireUnlocked(each.name()));
        try (CutoverRun run = CutoverRun.dry(spec, tools, observer)) {
            return new DryRun(run, steps, observer).look();
        }
    }

    /**
     * Takes a run over and brings it to its end, one way or the other.
     *
     * @throws OperationException if there is none, or the request lacks what the journal is not trusted with
     */
    public CutoverResult takeOver(TakeOverRequest request, CutoverObserver observer) {
        return carryOut(openRuns.find(request), request.purpose(), StepActions.usual(), observer);
    }

    /** A coordinator that takes over doesn't look at all of it again: what was begun has to be brought to an end. */
    private StepActions steps(CutoverRequest request) {
        return StepActions.with(Stream.concat(
                        Stream.of(new PreflightCheck(preflight, request.skippedChecks(), commands)
                                .requireSensible()
                                .check()),
                        CutoverChecks.USUAL.stream())
                .toList());
    }

    private CutoverResult carryOut(RunRecord record, Purpose purpose, StepActions steps, CutoverObserver observer) {
        tools.timing().stopTakes(record.spec().options().times().patience().multipliedBy(PATIENCES));
        CutoverObserver careful = new FailSafeObserver(observer);
        try (CutoverRun run = CutoverRun.of(record, purpose, tools, careful)) {
            return new Coordinator(run, steps, careful).carryOut();
        }
    }

    private RunSpec spec(CutoverRequest request) {
        String id = (request.rehearsal() ? OpenRuns.REHEARSAL : "c-")
                + UUID.randomUUID().toString().substring(0, 8);
        List<GroupMember> members = new ArrayList<>();
        for (Moved each : request.names()) {
            members.add(member(each, id, request.ifVersion()));
        }
        GroupRules.checkNames(members);
        members = numbered(id, readers.recognised(members, id, request.options().sourceAdmin()));
        GroupRules.check(members, request.options());
        Change now = tools.authorship().sign(request.reason());
        return new RunSpec(
                id, request.rehearsal(), now.by(), now.at(), request.reason(), members, resolved(request, members));
    }

    private static List<GroupMember> numbered(String id, List<GroupMember> members) {
        return IntStream.range(0, members.size())
                .mapToObj(index -> members.get(index).transitioningAs(RunSpec.transitionId(id, index)))
                .toList();
    }

    private GroupMember member(Moved moved, String transitionId, Optional<Long> ifVersion) {
        VersionedSettings current = reader.current(moved.name());
        requireSteady(current);
        if (ifVersion.isPresent() && ifVersion.get() != current.version()) {
            throw new OperationException(
                    Reason.CONFLICT,
                    "'" + moved.name() + "' is at version " + current.version() + " (by "
                            + current.change().by() + "), not at " + ifVersion.get() + "; nothing was started",
                    "look at it with " + commands.command("show " + moved.name()));
        }
        ConnectionSettings target = moved.target().apply(current.settings());
        requireElsewhere(current, target);
        return new GroupMember(moved.name(), transitionId, current.version(), current.settings(), target);
    }

    /** Every check after that would only say the same in other words. */
    private void requireElsewhere(VersionedSettings current, ConnectionSettings target) {
        if (current.settings().endpoint().equals(target.endpoint())) {
            throw new OperationException(
                    Reason.FAILED,
                    "the fleet is on " + target.endpoint() + " already, at version " + current.version()
                            + "; nothing was started",
                    "see " + commands.command("status " + current.database()));
        }
    }

    /** With the logins from the defaults filled in, since a takeover checks that the same ones are given again. */
    private RunOptions resolved(CutoverRequest request, List<GroupMember> members) {
        RunOptions given = request.options();
        RunOptions options = given.with(
                given.sourceAdmin()
                        .at(members.stream()
                                .map(each -> each.source().endpoint())
                                .toList()),
                given.targetAdmin()
                        .at(members.stream()
                                .map(each -> each.target().endpoint())
                                .toList()));
        if (options.without().isEmpty()) {
            return options;
        }
        List<InstanceReport> fleets = members.stream()
                .flatMap(each -> registry.fleet(each.name()).stream())
                .toList();
        return options.without(FleetNames.resolve(options.without(), fleets));
    }

    /** After its switch, or before its first write, only its lock shows that a run exists. */
    private void requireUnlocked(DatabaseName database) {
        tools.cutovers().lock(database).filter(CutoverLock::held).ifPresent(lock -> {
            throw new OperationException(
                    Reason.CUTOVER_UNDER_WAY,
                    "the cutover would be refused: cutover " + lock.runId() + " has the lock of '" + database
                            + "', taken by " + lock.by() + " at " + lock.at() + " (epoch " + lock.epoch() + ")",
                    "see " + commands.command("cutover status " + database) + "; if no coordinator is executing it, end"
                            + " it with " + commands.command("cutover resume " + database) + " or "
                            + commands.command("cutover abort " + database));
        });
    }

    private void requireSteady(VersionedSettings current) {
        current.transition().ifPresent(transition -> {
            throw new OperationException(
                    Reason.CUTOVER_UNDER_WAY,
                    transition + " is under way for '" + current.database() + "': phase " + transition.phase()
                            + " since version " + current.version() + ", written by "
                            + current.change().by() + " at " + current.change().at() + "; nothing was started",
                    "see " + commands.command("cutover status " + current.database()));
        });
    }

    /**
     * One of the names that move.
     *
     * @param name the name under which services find the database
     * @param target makes the target's settings from the current ones
     */
    public record Moved(DatabaseName name, UnaryOperator<ConnectionSettings> target) {}

    /**
     * A new cutover.
     *
     * @param names the names that move together; the journal is under the first
     * @param rehearsal whether to go back after the hold
     * @param reason why, for the history; may be empty
     * @param ifVersion only if this is the current version of each
     * @param skippedChecks names of preflight's checks that aren't made
     * @param options what the operator chose; instances in {@code without} may be named by their id alone
     */
    public record CutoverRequest(
            List<Moved> names,
            boolean rehearsal,
            String reason,
            Optional<Long> ifVersion,
            Set<String> skippedChecks,
            RunOptions options) {
        public CutoverRequest {
            names = List.copyOf(names);
            skippedChecks = Set.copyOf(skippedChecks);
        }
    }

    /**
     * A takeover of a run. What is executed, and who logs in as the administrator, comes from here and never from the
     * journal.
     *
     * @param database whose fleet
     * @param runId which run; empty for the one that has the lock
     * @param purpose {@link Purpose#RESUME} or {@link Purpose#ABORT}
     * @param sourceAdmin who works on the source; {@link AdminLogin#SAME} for the services' own role
     * @param targetAdmin who works on the target
     * @param repeated the options of the run's beginning that must be given again
     * @param unaccepted what else must be accepted and was not; empty if nothing
     * @param servers what the operator says about the run's servers
     */
    public record TakeOverRequest(
            DatabaseName database,
            Optional<String> runId,
            Purpose purpose,
            AdminLogin sourceAdmin,
            AdminLogin targetAdmin,
            RepeatedOptions repeated,
            Optional<String> unaccepted,
            Servers servers) {

        /**
         * What the operator says about the run's servers. Needed only for one that neither the settings nor their
         * history have.
         *
         * @param source {@code HOST:PORT[/NAME]} of the server that is left; empty if it wasn't given
         * @param target {@code HOST:PORT[/NAME]} of the target; empty if it wasn't given
         * @param mapped the targets of names that have one of their own
         * @param question asks the operator; says no where nobody can be asked
         */
        public record Servers(
                Optional<String> source, Optional<String> target, Map<DatabaseName, String> mapped, Question question) {
            public Servers {
                mapped = Map.copyOf(mapped);
            }

            /** What was given as the target of this name. */
            Optional<String> targetOf(DatabaseName name) {
                return Optional.ofNullable(mapped.get(name)).or(() -> target);
            }
        }

        /** Asks the operator. */
        @FunctionalInterface
        public interface Question {
            /** Whether the answer is yes. */
            boolean confirm(String text);
        }
    }
}
