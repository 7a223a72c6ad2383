package dev.connectionregistry.admin.command;

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

/** Sets the role to log in as and where its password is. */
@Command(
        name = "set-credentials",
        description = "Sets the role to log in as, the reference to its password, or both.",
        footer = {
            "",
            "Example:",
            "  registry-admin set-credentials orders --username app2 --password-ref secretsmanager:orders/app2#password"
        })
public final class SetCredentialsCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(names = "--username", paramLabel = "U", description = "the role to log in as")
    private Optional<String> username = Optional.empty();

    @Option(names = "--password-ref", paramLabel = "REF", description = "where the password is: " + SecretRef.FORMS)
    private Optional<SecretRef> password = Optional.empty();

    @Mixin
    private final MoveOptions moving = new MoveOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // refuses by being there
    private final NoLiteralPassword literal = new NoLiteralPassword();

    private final Mover mover;

    @Inject
    SetCredentialsCommand(Mover mover) {
        this.mover = mover;
    }

    @Override
    public void run() {
        if (username.isEmpty() && password.isEmpty()) {
            throw new InvalidSettingsException("nothing to set; give --username, --password-ref or both");
        }
        Credentials.check(username, password);
        mover.move(
                moving.request(Objects.requireNonNull(database)),
                settings -> Credentials.apply(settings, username, password));
    }
}
