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
            "Takes over a cutover whose coordinator died or got stuck, and goes on with it; an earlier coordinator that is still alive can do nothing from then on. Give the administrators' logins again, and those of the options below that it was begun with: what somebody else could have written into the registry is not executed. The other options are those of its beginning.",
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
