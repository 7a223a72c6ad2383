package dev.connectionregistry.admin.cli.move;

import dev.connectionregistry.admin.cli.settings.Results;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.coordinator.LeftServers;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.move.MoveRequest;
import dev.connectionregistry.admin.move.MoveResult;
import dev.connectionregistry.admin.move.MoveRun;
import dev.connectionregistry.admin.settings.BoundsPreview;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.admin.settings.FormerSources;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Runs a move for a command and shows its progress and its result. */
final class Mover {
    private final MoveRun.Tools tools;
    private final OtherNames names;
    private final LeftServers leftServers;
    private final CommandText commands;
    private final BoundsPreview bounds;
    private final Console console;
    private final Results results;

    @Inject
    Mover(
            MoveRun.Tools tools,
            OtherNames names,
            LeftServers leftServers,
            BoundsPreview bounds,
            Console console,
            Results results) {
        this.leftServers = leftServers;
        this.commands = tools.commands();
        this.tools = tools;
        this.names = names;
        this.bounds = bounds;
        this.console = console;
        this.results = results;
    }

    void move(MoveRequest request, UnaryOperator<ConnectionSettings> edit) {
        show(run(request).run(warning(request, edit, false)));
    }

    void move(MoveRequest request, VersionedSettings base, UnaryOperator<ConnectionSettings> edit) {
        show(run(request).run(base, warning(request, edit, base.removed())));
    }

    private MoveRun run(MoveRequest request) {
        return new MoveRun(tools, request, new MoveProgressPrinter(console));
    }

    /**
     * Reports before the write which instances would refuse it, and which other names are on the server that the fleet
     * leaves; once, however often the settings are edited. Also refuses driver properties that the write sets, as
     * {@code add} and {@code import} do.
     *
     * @param comesBack whether the database was removed, so that all its settings are new
     */
    private UnaryOperator<ConnectionSettings> warning(
            MoveRequest request, UnaryOperator<ConnectionSettings> edit, boolean comesBack) {
        AtomicBoolean warned = new AtomicBoolean();
        return settings -> {
            ConnectionSettings edited = edit.apply(settings);
            if ((comesBack || !edited.equals(settings)) && warned.compareAndSet(false, true)) {
                if (comesBack) {
                    bounds.requireAll(edited);
                } else {
                    bounds.requireSet(settings, edited);
                }
                bounds.refusals(request.change().database(), edited).forEach(console::warn);
                if (!OtherNames.isSame(settings.endpoint(), edited.endpoint())) {
                    lookAround(request.change(), settings.endpoint(), edited.endpoint());
                }
            }
            return edited;
        };
    }

    private void lookAround(ChangeRequest change, Endpoint from, Endpoint to) {
        Optional<RunRecord> left = Optional.empty();
        try {
            OtherNames.AllNames read = names.readKnown();
            List<OtherNames.NamedFleet> all = read.usable();
            warnOfUnusable(change, from, read.unusable());
            List<OtherNames.Shared> others = OtherNames.namesOnServer(change.database(), from, all).stream()
                    .filter(each -> each.place() == OtherNames.Place.DATABASE)
                    .toList();
            if (!others.isEmpty()) {
                console.warn("other names are on the same Postgres database " + from + " and stay there: "
                        + others.stream().map(OtherNames.Shared::toString).collect(Collectors.joining(", ")));
            }
            left = change.acceptsLeftServer() ? Optional.empty() : leftServers.find(change.database(), to, all);
        } catch (RegistryException e) {
            console.warn("whether other names are on " + from + ", and whether a cutover left " + to
                    + ", can't be read: " + e.getMessage());
        }
        left.ifPresent(run -> {
            throw left(to, run);
        });
    }

    private void warnOfUnusable(ChangeRequest change, Endpoint from, List<OtherNames.Unusable> unusable) {
        List<OtherNames.Unusable> others = unusable.stream()
                .filter(each -> !each.name().equals(change.database()))
                .toList();
        if (!others.isEmpty()) {
            console.warn("unknown whether these names are also on " + from + ", since their settings can't be used: "
                    + others.stream().map(each -> "'" + each.name() + "'").collect(Collectors.joining(", ")));
        }
    }

    private OperationException left(Endpoint to, RunRecord run) {
        RunSpec spec = run.spec();
        boolean alias = !OtherNames.isSame(spec.source().endpoint(), to);
        return new OperationException(
                OperationException.Reason.FAILED,
                to + " is the Postgres database that cutover " + spec.id() + " of '" + spec.database() + "' left for "
                        + spec.target().endpoint() + " at " + spec.startedAt()
                        + (alias ? " (its settings then said " + spec.source().endpoint() + ")" : "")
                        + ": its fence refuses writes, and rows written since then may be missing; nothing was written",
                commands.command("cutover status " + spec.database())
                        + " shows the fence; to use the server as it is, take its fence down, then repeat this command"
                        + " with " + FormerSources.OPTION);
    }

    private void show(MoveResult result) {
        if (console.json()) {
            console.printJson(MoveResultText.document(result));
        } else {
            results.changed(result.change(), result.last());
            List<String> followed = MoveResultText.lines(result, console.outputWidth(), console.coloredOutput());
            if (!followed.isEmpty()) {
                console.print(followed);
            }
        }
        result.leftover().ifPresent(problem -> {
            throw problem;
        });
    }
}
