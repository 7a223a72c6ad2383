package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.options.Converters.SlotName;
import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes over a cutover and undoes it. */
@Command(
        name = "abort",
        description = {
            "Takes over a cutover whose coordinator died or got stuck, and undoes it: it removes the fence, releases"
                    + " callers on the source and restores the poll interval. If the switch has already happened, it"
                    + " says so, restores the poll interval and changes nothing else. Give the administrators' logins"
                    + " again: those in the registry are not used.",
        },
        footer = {
            "",
            "Examples:",
            "  registry-admin cutover abort orders",
            "  registry-admin cutover abort orders \\",
            "      --admin-username ops --admin-password-ref env:ADMIN_PASSWORD"
        })
final class CutoverAbortCommand extends TakeOverCommand {
    @Option(
            names = "--reverse-slot",
            paramLabel = "NAME",
            description =
                    "drop the slot with this name, which the run created on the target; without this option only a slot"
                            + " with the default name of replication reverse is dropped")
    private Optional<SlotName> reverseSlot = Optional.empty();

    @Inject
    CutoverAbortCommand(Cutovers cutovers, CutoverPrinter show) {
        super(Purpose.ABORT, cutovers, show);
    }

    @Override
    RepeatedOptions repeated(DatabaseName name) {
        return RepeatedOptions.NONE.with(reverseSlot.map(SlotName::required));
    }
}
