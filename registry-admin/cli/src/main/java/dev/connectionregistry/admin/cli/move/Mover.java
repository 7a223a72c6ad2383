package dev.connectionregistry.admin.cli.move;

import dev.connectionregistry.admin.cli.settings.Results;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.move.MoveRequest;
import dev.connectionregistry.admin.move.MoveResult;
import dev.connectionregistry.admin.move.MoveRun;
import dev.connectionregistry.admin.settings.BoundsPreview;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Runs a move for a command and shows its progress and its result. */
final class Mover {
    private final MoveRun.Tools tools;
    private final OtherNames names;
    private final BoundsPreview bounds;
    private final Console console;
    private final Results results;

    @Inject
    Mover(MoveRun.Tools tools, OtherNames names, BoundsPreview bounds, Console console, Results results) {
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
     * Says before the write who would refuse what is to be written, and which other names are on the server that is left; once,
     * however often it is edited. Driver properties that the write sets are refused here, as {@code add} and {@code import} do.
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
                    tellOthers(request.change().database(), settings.endpoint());
                }
            }
            return edited;
        };
    }

    private void tellOthers(DatabaseName database, Endpoint left) {
        try {
            List<OtherNames.Shared> others = names.of(database, left);
            if (!others.isEmpty()) {
                console.warn("other names are on the same Postgres database " + left + " and stay there: "
                        + others.stream().map(OtherNames.Shared::toString).collect(Collectors.joining(", ")));
            }
        } catch (RegistryException e) {
            console.warn("whether other names are on " + left + " can't be read: " + e.getMessage());
        }
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
