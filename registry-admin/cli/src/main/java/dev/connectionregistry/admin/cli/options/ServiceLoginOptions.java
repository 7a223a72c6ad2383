package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.SecretRef;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** As what the services are to log in to the server that they go to. */
public final class ServiceLoginOptions {
    @Option(names = "--username", paramLabel = "U", description = "another role for the services to log in as there")
    private Optional<String> username = Optional.empty();

    @Option(
            names = "--password-ref",
            paramLabel = "REF",
            description = "another place of its password: " + Credentials.FORMS)
    private Optional<SecretRef> password = Optional.empty();

    @Mixin
    @SuppressWarnings("UnusedVariable") // refuses by being there
    private final NoLiteralPassword literal = new NoLiteralPassword();

    /** Refuses what no settings can have, before anything is read. */
    public void check() {
        Credentials.check(username, password);
    }

    /** Whether another login is given than the settings' own. */
    public boolean isGiven() {
        return username.isPresent() || password.isPresent();
    }

    /** See {@link Credentials#warn}. */
    public void warn(Console console) {
        Credentials.warn(console, password);
    }

    /** {@code sourceSettings} on the server of {@code endpoint}, with the login that was given. */
    public ConnectionSettings on(Converters.EndpointText endpoint, ConnectionSettings sourceSettings) {
        return Credentials.moved(sourceSettings, endpoint, username, password);
    }
}
