package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.cutover.coordinator.Cutovers;
import dev.connectionregistry.admin.cutover.coordinator.TakeOverRequest;
import dev.connectionregistry.admin.cutover.decision.Purpose;
import dev.connectionregistry.admin.output.Console;
import dev.connectionregistry.admin.output.CutoverTalk;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a cutover over and brings it to its end. */
@Command(
        name = "resume",
        description = {
            "Takes over a cutover whose coordinator died or got stuck, and goes on with it; an earlier coordinator that is still alive can do nothing from then on. The options are those of its beginning.",
        },
        footer = {"", "Example:", "  registry-admin cutover resume orders"})
final class CutoverResumeCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(names = "--run", paramLabel = "ID", description = "only if this is the run that is open")
    private Optional<String> run = Optional.empty();

    @Mixin
    private final AdminOptions admins = new AdminOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // refuses by being there
    private final NoLiteralPassword literal = new NoLiteralPassword();

    private final Cutovers cutovers;
    private final CutoverShow show;
    private final Console console;

    @Inject
    CutoverResumeCommand(Cutovers cutovers, CutoverShow show, Console console) {
        this.cutovers = cutovers;
        this.show = show;
        this.console = console;
    }

    @Override
    public void run() {
        TakeOverRequest request = new TakeOverRequest(
                Objects.requireNonNull(database), run, Purpose.RESUME, admins.onOld(), admins.onNew());
        show.result(cutovers.takeOver(request, new CutoverTalk(console)));
    }
}
