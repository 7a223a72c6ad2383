package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.cutover.coordinator.Cutovers;
import dev.connectionregistry.admin.cutover.decision.Purpose;
import jakarta.inject.Inject;
import picocli.CommandLine.Command;

/** Takes a cutover over and brings it to its end. */
@Command(
        name = "resume",
        description = {
            "Takes over a cutover whose coordinator died or got stuck, and goes on with it; an earlier coordinator that is still alive can do nothing from then on. The options are those of its beginning.",
        },
        footer = {"", "Example:", "  registry-admin cutover resume orders"})
final class CutoverResumeCommand extends TakeOverCommand {
    @Inject
    CutoverResumeCommand(Cutovers cutovers, CutoverShow show) {
        super(Purpose.RESUME, cutovers, show);
    }
}
