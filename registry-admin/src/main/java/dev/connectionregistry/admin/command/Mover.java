package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.operation.MoveFleet;
import dev.connectionregistry.admin.operation.MoveRequest;
import dev.connectionregistry.admin.operation.MoveResult;
import dev.connectionregistry.admin.output.Console;
import dev.connectionregistry.admin.output.MoveTalk;
import dev.connectionregistry.admin.output.Results;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.function.UnaryOperator;

/** Runs a move for a command and shows how it goes and what it came to. */
final class Mover {
    private final MoveFleet fleet;
    private final Console console;
    private final Results results;

    @Inject
    Mover(MoveFleet fleet, Console console, Results results) {
        this.fleet = fleet;
        this.console = console;
        this.results = results;
    }

    void move(MoveRequest request, UnaryOperator<ConnectionSettings> edit) {
        show(fleet.move(request, edit, new MoveTalk(console)));
    }

    void move(MoveRequest request, VersionedSettings base, UnaryOperator<ConnectionSettings> edit) {
        show(fleet.move(request, base, edit, new MoveTalk(console)));
    }

    private void show(MoveResult result) {
        results.move(result);
        result.leftover().ifPresent(problem -> {
            throw problem;
        });
    }
}
