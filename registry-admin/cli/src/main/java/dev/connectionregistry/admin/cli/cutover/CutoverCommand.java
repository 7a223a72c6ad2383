package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.options.AdminOptions;
import dev.connectionregistry.admin.cli.options.WriteOptions;
import dev.connectionregistry.admin.cli.preflight.CheckNames;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.CutoverRequest;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.Moved;
import dev.connectionregistry.admin.fleet.FleetHealth;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.admin.settings.ServerFinder;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Moves the fleets of one or several databases to another server without losing a row. */
@Command(
        name = "cutover",
        description = {
            "Moves the fleet of a database to another server that replicates from the current one. It holds callers for"
                    + " a moment, fences the source, proves that the target has everything, and switches the whole"
                    + " fleet. Until the switch, any failure undoes everything; after it, the run can only go forward."
                    + " Ctrl-C before the switch undoes; a second Ctrl-C has no effect.",
            "Several databases (at most 33), or all on a server with --server, move together: all are switched, or"
                    + " none. Each Postgres database on the target must follow its counterpart, under the same name"
                    + " unless --map says otherwise.",
        },
        sortOptions = false,
        synopsisSubcommandLabel =
                "(DB... --to HOST:PORT[/NAME] | --server HOST:PORT --to HOST:PORT | status DB | resume DB | abort DB)",
        commandListHeading = "%nCommands for a cutover that is under way or was interrupted:%n",
        subcommands = {CutoverStatusCommand.class, CutoverResumeCommand.class, CutoverAbortCommand.class},
        footer = {
            "",
            "Exit codes:",
            "  0 switched, or rehearsed; 1 refused, or stuck; 2 usage,",
            "  3 another operator took over or changed the settings,",
            "  4 switched, but not every instance was seen to follow; 5 undone,",
            "  130 or 143 stopped by a signal, whatever the outcome",
            "",
            "Examples:",
            "  registry-admin cutover orders --to db2.internal:5432 --dry-run",
            "  registry-admin cutover orders --to db2.internal:5432 --rehearse",
            "  registry-admin cutover orders --to db2.internal:5432 \\",
            "      --admin-username postgres --admin-password-ref env:ADMIN_PASSWORD \\",
            "      --verify-table public.orders --reason 'upgrade to 18'",
            "  registry-admin cutover orders billing --to db2.internal:5432 --dry-run",
            "  registry-admin cutover --server db1.internal:5432 --to db2.internal:5432 \\",
            "      --map reports=db3.internal:5432/reports",
            "  registry-admin cutover status orders",
            "  registry-admin cutover abort orders"
        })
public final class CutoverCommand implements Runnable {
    @Mixin
    private final GroupOptions group = new GroupOptions();

    @Mixin
    private @Nullable AdminOptions admins;

    @Mixin
    private final CutoverOptions how = new CutoverOptions();

    @Option(names = "--rehearse", description = "do everything up to and including the hold, then undo it")
    private boolean rehearse;

    @Option(
            names = "--skip-check",
            completionCandidates = CheckNames.class,
            paramLabel = "NAME",
            description = "skip this preflight check; may be repeated")
    private Set<String> skippedChecks = new LinkedHashSet<>();

    @Mixin
    private final WriteOptions writing = new WriteOptions();

    @Spec
    private @Nullable CommandSpec spec;

    private final Cutovers cutovers;
    private final ServerFinder servers;
    private final FleetHealth fleets;
    private final CutoverPrinter show;
    private final Console console;

    @Inject
    CutoverCommand(Cutovers cutovers, ServerFinder servers, FleetHealth fleets, CutoverPrinter show, Console console) {
        this.cutovers = cutovers;
        this.servers = servers;
        this.fleets = fleets;
        this.show = show;
        this.console = console;
    }

    @Override
    public void run() {
        if (!group.sayWhat() || !group.sayWhereTo()) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "picocli sets it").commandLine(),
                    group.sayWhat()
                            ? "name the target: --to HOST:PORT[/NAME]"
                            : "name the database and the target: cutover DB... --to HOST:PORT[/NAME], or cutover"
                                    + " --server HOST:PORT --to HOST:PORT");
        }
        List<Moved> moved = group.moved(servers, console);
        ChangeRequest change = writing.request(moved.get(0).name());
        if (moved.size() > 1 && change.ifVersion().isPresent()) {
            throw new InvalidSettingsException("--if-version is the version of one database, and " + moved.size()
                    + " would move: leave it out; the run never overwrites a change that it has not seen");
        }
        CutoverRequest request = new CutoverRequest(
                moved,
                rehearse,
                change.reason(),
                change.ifVersion(),
                skippedChecks,
                how.options(Objects.requireNonNull(admins, "picocli makes it"), () -> largestFleet(moved)));
        group.warn(console);
        if (change.dryRun()) {
            show.plan(cutovers.dryRun(request, show.talk()));
        } else {
            show.result(cutovers.start(request, show.talk()));
        }
    }

    private int largestFleet(List<Moved> moved) {
        return fleets.looks(moved.stream().map(Moved::name).toList()).values().stream()
                .mapToInt(look -> look.health().live())
                .max()
                .orElse(0);
    }
}
