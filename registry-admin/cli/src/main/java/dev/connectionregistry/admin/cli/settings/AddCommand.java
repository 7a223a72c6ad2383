package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.cli.options.Converters;
import dev.connectionregistry.admin.cli.options.Credentials;
import dev.connectionregistry.admin.cli.options.NoLiteralPassword;
import dev.connectionregistry.admin.cli.options.PoolSettingsOptions;
import dev.connectionregistry.admin.cli.options.PropertyOptions;
import dev.connectionregistry.admin.cli.options.WriteOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.server.AdminBounds;
import dev.connectionregistry.admin.settings.ChangeSettings;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.ServerRole;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a database to the registry. */
@Command(
        name = "add",
        description = {
            "Adds a database to the registry. It stores only a reference to the password, never the password.",
            "In parentheses: the default; the allowed values."
        },
        footer = {
            "",
            "Example:",
            "  registry-admin add orders --endpoint db1.internal:5432/orders \\",
            "      --username orders_app --password-ref env:ORDERS_PASSWORD --maximum-size 20"
        })
public final class AddCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "its name in the registry, such as orders")
    private @Nullable DatabaseName database;

    @Option(
            names = "--endpoint",
            required = true,
            paramLabel = "HOST:PORT/NAME",
            description = "where the server is; IPv6 in brackets; several hosts of one cluster with commas:"
                    + " HOST:PORT,HOST:PORT/NAME")
    private @Nullable Endpoint endpoint;

    @Option(
            names = "--username",
            required = true,
            paramLabel = "U",
            description = "the role to log in as, 1 to 63 characters")
    private @Nullable String username;

    @Option(
            names = "--password-ref",
            required = true,
            paramLabel = "REF",
            description = "the password reference: " + Credentials.FORMS)
    private @Nullable SecretRef password;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description =
                    "what the server must be: primary (default), any, or prefer-standby; of several hosts it chooses one")
    private ServerRole role = ServerRole.PRIMARY;

    @Option(
            names = "--poll-interval",
            paramLabel = "D",
            description = "how often instances read the registry (30s; 50ms to 1h)")
    private Converters.PollInterval pollInterval = new Converters.PollInterval(Polling.DEFAULT.interval());

    @Mixin
    private final PropertyOptions properties = new PropertyOptions();

    @Mixin
    private final PoolSettingsOptions pool = new PoolSettingsOptions();

    @Mixin
    private final WriteOptions writing = new WriteOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // its presence refuses the option
    private final NoLiteralPassword literal = new NoLiteralPassword();

    private final ChangeSettings changes;
    private final Results results;
    private final Console console;
    private final AdminBounds bounds;

    @Inject
    AddCommand(ChangeSettings changes, Results results, Console console, AdminBounds bounds) {
        this.bounds = bounds;
        this.changes = changes;
        this.results = results;
        this.console = console;
    }

    @Override
    public void run() {
        pool.check();
        properties.check(bounds);
        ConnectionSettings content = properties.applyTo(ConnectionSettings.of(
                        Objects.requireNonNull(endpoint),
                        Objects.requireNonNull(username),
                        Objects.requireNonNull(password))
                .withRole(role)
                .withPool(pool.applyTo(PoolSettings.DEFAULT))
                .withPolling(Polling.every(pollInterval.value())));
        ChangeRequest request = writing.request(Objects.requireNonNull(database));
        Credentials.warn(console, Optional.ofNullable(password));
        Credentials.warnOfTls(console, content);
        results.change(changes.add(request, content));
    }
}
