package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes over a cutover and completes it. */
@Command(
        name = "resume",
        description = {
            "Takes over a cutover whose coordinator died or got stuck, and continues it; an earlier coordinator that is"
                    + " still alive can no longer do anything. Give the administrators' logins again, and those of the"
                    + " options below that the cutover was started with: the command doesn't execute what somebody else"
                    + " could have written into the registry. All other options stay as at the start.",
        },
        footer = {
            "",
            "Examples:",
            "  registry-admin cutover resume orders",
            "  registry-admin cutover resume orders \\",
            "      --admin-username ops --admin-password-ref env:ADMIN_PASSWORD \\",
            "      --caught-up-command '/opt/replicator/caught-up'"
        })
final class CutoverResumeCommand extends TakeOverCommand {
    @Mixin
    private final RepeatedOptionsMixin again = new RepeatedOptionsMixin();

    @Inject
    CutoverResumeCommand(Cutovers cutovers, CutoverPrinter show) {
        super(Purpose.RESUME, cutovers, show);
    }

    @Override
    RepeatedOptions repeated(DatabaseName name) {
        return again.repeated();
    }

    @Override
    Optional<String> unaccepted() {
        return again.unaccepted();
    }
}
