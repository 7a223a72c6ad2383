package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.server.AdminDefaults;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads the status of a cutover. Changes nothing and contacts no server. */
public final class StatusReader {
    private final SettingsReader reader;
    private final CutoverRegistry cutovers;
    private final FleetWatcher watcher;
    private final CommandText commands;
    private final AdminDefaults defaults;

    @Inject
    public StatusReader(
            SettingsReader reader,
            CutoverRegistry cutovers,
            FleetWatcher watcher,
            CommandText commands,
            AdminDefaults defaults) {
        this.reader = reader;
        this.cutovers = cutovers;
        this.watcher = watcher;
        this.commands = commands;
        this.defaults = defaults;
    }

    public CutoverStatus read(DatabaseName database) {
        return read(database, goal -> watcher.once(database, goal));
    }

    /** The status, with the fleet as {@code look} sees it on its way to the goal of the current phase. */
    public CutoverStatus read(DatabaseName database, Function<FleetGoal, FleetSnapshot> look) {
        Optional<CutoverLock> lock = cutovers.lock(database);
        Optional<Map<String, Object>> journal = lock.flatMap(each -> cutovers.journal(database, each.runId()));
        VersionedSettings current = reader.current(database);
        Optional<RunRecord> whole = Optional.empty();
        Optional<String> problem = Optional.empty();
        try {
            whole = journal.map(each ->
                    RunRecordCodec.record(each, database, lock.orElseThrow().runId()));
        } catch (InvalidSettingsException e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
        }
        Optional<RunRecord> run = whole.map(each -> each.about(database));
        Optional<FenceStatus> fence =
                run.filter(each -> each.fence().isPresent()).map(FenceStatus::byJournal);
        return new CutoverStatus(
                current,
                lock,
                run,
                whole.map(each -> each.spec().names()).orElse(List.of()),
                problem,
                look.apply(goal(current)),
                fence,
                Optional.empty(),
                List.of(),
                next(current, lock, run));
    }

    private static FleetGoal goal(VersionedSettings current) {
        long version = current.version();
        return current.transition()
                .map(Transition::phase)
                .map(phase -> phase == Transition.Phase.HOLD ? FleetGoal.Kind.HELD : FleetGoal.Kind.READY)
                .map(kind -> new FleetGoal(kind, version))
                .orElse(FleetGoal.active(version));
    }

    /**
     * What to do about a run that nobody carries out: after a switch it can only be resumed, and a rehearsal only
     * aborted.
     */
    private String next(VersionedSettings current, Optional<CutoverLock> lock, Optional<RunRecord> run) {
        if (lock.filter(CutoverLock::held).isEmpty()) {
            return "";
        }
        String resume = commands.command("cutover resume " + current.database());
        String abort = commands.command("cutover abort " + current.database());
        if (run.filter(each -> each.spec().rehearsal()).isPresent()) {
            return "if no coordinator is executing the rehearsal any more: " + abort;
        }
        boolean switched = run.filter(each -> current.transition().isEmpty()
                        && current.settings()
                                .endpoint()
                                .equals(each.spec().target().endpoint()))
                .isPresent();
        return (switched
                        ? "the switch is done, it can only go forward; if no coordinator is executing it any"
                                + " more: " + resume
                        : "if no coordinator is executing it any more: " + resume + " or " + abort)
                + run.map(each -> givenAgain(each.spec(), !switched)).orElse("");
    }

    /**
     * Option names only: a command that could be pasted would pass on what somebody else may have written into the
     * journal.
     */
    private String givenAgain(RunSpec spec, boolean whole) {
        RunOptions options = spec.options();
        List<String> again = new ArrayList<>();
        boolean byDefault = new AdminLogin(Optional.empty(), Optional.empty(), defaults)
                .at(spec.source().endpoint())
                .username()
                .isPresent();
        if (options.sourceAdmin().username().isPresent() && !byDefault) {
            again.add("--admin-username and --admin-password-ref");
        }
        if (whole) {
            RepeatedOptions.NONE.differences(options.repeated()).stream()
                    .map(each -> each.replaceFirst("^with ", ""))
                    .forEach(again::add);
        }
        return again.isEmpty() ? "" : "; repeat these options: " + String.join(", ", again);
    }
}
