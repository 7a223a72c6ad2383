package dev.connectionregistry.admin.cli.move;

import dev.connectionregistry.admin.cli.options.Converters;
import dev.connectionregistry.admin.cli.options.Credentials;
import dev.connectionregistry.admin.cli.options.NoLiteralPassword;
import dev.connectionregistry.admin.cli.options.PropertyOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.move.MoveRequest;
import dev.connectionregistry.admin.server.AdminBounds;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.SecretRef;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves a database's fleet to another server. */
@Command(
        name = "set-endpoint",
        description = {
            "Moves the fleet of a database to another server.",
            "With --poll-interval: shortens the poll interval, waits until every instance has adopted it, writes the"
                    + " endpoint, waits until every instance has moved, restores the interval, and reports when each"
                    + " instance moved."
        },
        footer = {
            "",
            "Examples:",
            "  registry-admin set-endpoint orders db2.internal:5432 --poll-interval 1s \\",
            "      --reason 'upgrade to 18'",
            "  registry-admin set-endpoint orders db2.internal:5432/orders --dry-run"
        })
public final class SetEndpointCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Parameters(
            index = "1",
            paramLabel = "HOST:PORT[/NAME]",
            description = "the target; without NAME the Postgres database's name stays")
    private Converters.@Nullable EndpointText endpoint;

    @Option(names = "--username", paramLabel = "U", description = "another role to log in as")
    private Optional<String> username = Optional.empty();

    @Option(
            names = "--password-ref",
            paramLabel = "REF",
            description = "another password reference: " + Credentials.FORMS)
    private Optional<SecretRef> password = Optional.empty();

    @Mixin
    private final PropertyOptions properties = new PropertyOptions();

    @Mixin
    private final MoveOptions moving = new MoveOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // its presence refuses the option
    private final NoLiteralPassword literal = new NoLiteralPassword();

    private final Mover mover;
    private final Console console;
    private final AdminBounds bounds;
    private boolean warned;

    @Inject
    SetEndpointCommand(Mover mover, Console console, AdminBounds bounds) {
        this.bounds = bounds;
        this.mover = mover;
        this.console = console;
    }

    @Override
    public void run() {
        Credentials.check(username, password);
        properties.check(bounds);
        MoveRequest request = moving.request(Objects.requireNonNull(database));
        Credentials.warn(console, password);
        mover.move(request, this::edit);
    }

    private ConnectionSettings edit(ConnectionSettings settings) {
        ConnectionSettings edited =
                properties.applyTo(Credentials.moved(settings, Objects.requireNonNull(endpoint), username, password));
        if (!warned) { // it may be edited again if somebody else wrote meanwhile
            warned = true;
            Credentials.warnOfTls(console, edited);
        }
        return edited;
    }
}
