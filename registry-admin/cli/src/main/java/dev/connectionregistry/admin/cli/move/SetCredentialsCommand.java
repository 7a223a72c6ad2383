package dev.connectionregistry.admin.cli.move;

import dev.connectionregistry.admin.cli.options.Credentials;
import dev.connectionregistry.admin.cli.options.NoLiteralPassword;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.move.MoveRequest;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets the role to log in as, and the reference to its password. */
@Command(
        name = "set-credentials",
        description = "Sets the role to log in as, the reference to its password, or both.",
        footer = {
            "",
            "Example:",
            "  registry-admin set-credentials orders --username app2 \\",
            "      --password-ref file:/run/secrets/orders-app2 --wait"
        })
public final class SetCredentialsCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(names = "--username", paramLabel = "U", description = "the role to log in as")
    private Optional<String> username = Optional.empty();

    @Option(names = "--password-ref", paramLabel = "REF", description = "the password reference: " + Credentials.FORMS)
    private Optional<SecretRef> password = Optional.empty();

    @Mixin
    private final MoveOptions moving = new MoveOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // its presence refuses the option
    private final NoLiteralPassword literal = new NoLiteralPassword();

    private final Mover mover;
    private final Console console;

    @Inject
    SetCredentialsCommand(Mover mover, Console console) {
        this.mover = mover;
        this.console = console;
    }

    @Override
    public void run() {
        if (username.isEmpty() && password.isEmpty()) {
            throw new InvalidSettingsException("nothing to set; give --username, --password-ref or both");
        }
        Credentials.check(username, password);
        MoveRequest request = moving.request(Objects.requireNonNull(database));
        Credentials.warn(console, password);
        mover.move(request, settings -> Credentials.apply(settings, username, password));
    }
}
