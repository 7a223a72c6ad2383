package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.cutover.coordinator.Cutovers;
import dev.connectionregistry.admin.cutover.decision.Purpose;
import jakarta.inject.Inject;
import picocli.CommandLine.Command;

/** Takes a cutover over and undoes it. */
@Command(
        name = "abort",
        description = {
            "Takes over a cutover whose coordinator died or got stuck, and undoes it: the fence goes down, everyone is let go on the old server, the poll interval is put back. If the switch was done already that is said, the poll interval is put back, and nothing else is changed.",
        },
        footer = {"", "Example:", "  registry-admin cutover abort orders"})
final class CutoverAbortCommand extends TakeOverCommand {
    @Inject
    CutoverAbortCommand(Cutovers cutovers, CutoverShow show) {
        super(Purpose.ABORT, cutovers, show);
    }
}
