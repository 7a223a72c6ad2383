package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.options.AdminOptions;
import dev.connectionregistry.admin.cli.options.Converters;
import dev.connectionregistry.admin.cli.options.ServiceLoginOptions;
import dev.connectionregistry.admin.cli.options.WriteOptions;
import dev.connectionregistry.admin.cli.preflight.CheckNames;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.CutoverRequest;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.Moved;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves a database's fleet to another server without losing a row. */
@Command(
        name = "cutover",
        description = {
            "Moves the fleet of a database to another server that follows the present one by replication: callers are held"
                    + " for a moment, the source is fenced, the target is shown to have everything, and then"
                    + " everyone is switched. Until the switch every failure undoes everything; after it there is only"
                    + " forward. Ctrl-C before the switch undoes; a second one changes nothing.",
        },
        sortOptions = false,
        synopsisSubcommandLabel = "(DB --to HOST:PORT[/NAME] | status DB | resume DB | abort DB)",
        commandListHeading = "%nOf a cutover that is under way, or was left:%n",
        subcommands = {CutoverStatusCommand.class, CutoverResumeCommand.class, CutoverAbortCommand.class},
        footer = {
            "",
            "Exit codes:",
            "  0 switched, or rehearsed; 1 refused, or stuck; 2 usage,",
            "  3 another operator took over or changed the settings,",
            "  4 switched, but not everyone was seen; 5 undone,",
            "  130 or 143 stopped by a signal, whatever came of it",
            "",
            "Examples:",
            "  registry-admin cutover orders --to db2.internal:5432 --dry-run",
            "  registry-admin cutover orders --to db2.internal:5432 --rehearse",
            "  registry-admin cutover orders --to db2.internal:5432 \\",
            "      --admin-username postgres --admin-password-ref env:ADMIN_PASSWORD \\",
            "      --verify-table public.orders --reason 'upgrade to 18'",
            "  registry-admin cutover status orders",
            "  registry-admin cutover abort orders"
        })
public final class CutoverCommand implements Runnable {
    @Parameters(arity = "0..1", paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(
            names = "--to",
            paramLabel = "HOST:PORT[/NAME]",
            description = "the target; the Postgres database's name stays if it is left out")
    private Converters.@Nullable EndpointText to;

    @Mixin
    private final ServiceLoginOptions services = new ServiceLoginOptions();

    @Mixin
    private @Nullable AdminOptions admins;

    @Mixin
    private final CutoverOptions how = new CutoverOptions();

    @Option(names = "--rehearse", description = "do everything up to and including the hold, then go back")
    private boolean rehearse;

    @Option(
            names = "--skip-check",
            completionCandidates = CheckNames.class,
            paramLabel = "NAME",
            description = "leave this check of preflight out; may be repeated")
    private Set<String> skippedChecks = new LinkedHashSet<>();

    @Mixin
    private final WriteOptions writing = new WriteOptions();

    private final Cutovers cutovers;
    private final CutoverPrinter show;
    private final Console console;

    @Inject
    CutoverCommand(Cutovers cutovers, CutoverPrinter show, Console console) {
        this.cutovers = cutovers;
        this.show = show;
        this.console = console;
    }

    @Override
    public void run() {
        DatabaseName name = database;
        Converters.EndpointText endpoint = to;
        if (name == null || endpoint == null) {
            throw new InvalidSettingsException("say which database and where to: cutover DB --to HOST:PORT[/NAME]");
        }
        services.check();
        ChangeRequest change = writing.request(name);
        CutoverRequest request = new CutoverRequest(
                List.of(new Moved(name, settings -> services.on(endpoint, settings))),
                rehearse,
                change.reason(),
                change.ifVersion(),
                skippedChecks,
                how.options(Objects.requireNonNull(admins, "picocli makes it")));
        services.warn(console);
        if (change.dryRun()) {
            show.plan(cutovers.dryRun(request, show.talk()));
        } else {
            show.result(cutovers.start(request, show.talk()));
        }
    }
}
