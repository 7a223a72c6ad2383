package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.cutover.coordinator.Cutovers;
import dev.connectionregistry.admin.cutover.coordinator.TakeOverRequest;
import dev.connectionregistry.admin.cutover.decision.Purpose;
import dev.connectionregistry.settings.DatabaseName;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What resuming and aborting a cutover have in common, which is all but the purpose. */
abstract class TakeOverCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(names = "--run", paramLabel = "ID", description = "only if this is the run that is open")
    private Optional<String> run = Optional.empty();

    @Mixin
    private final AdminOptions admins = new AdminOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // refuses by being there
    private final NoLiteralPassword literal = new NoLiteralPassword();

    private final Purpose purpose;
    private final Cutovers cutovers;
    private final CutoverShow show;

    TakeOverCommand(Purpose purpose, Cutovers cutovers, CutoverShow show) {
        this.purpose = purpose;
        this.cutovers = cutovers;
        this.show = show;
    }

    @Override
    public void run() {
        TakeOverRequest request =
                new TakeOverRequest(Objects.requireNonNull(database), run, purpose, admins.onOld(), admins.onNew());
        show.result(cutovers.takeOver(request, show.talk()));
    }
}
