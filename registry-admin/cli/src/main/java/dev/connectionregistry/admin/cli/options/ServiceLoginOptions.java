package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.SecretRef;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The login of the services on the server that they move to. */
public final class ServiceLoginOptions {
    @Option(names = "--username", paramLabel = "U", description = "another role that the services use on the target")
    private Optional<String> username = Optional.empty();

    @Option(
            names = "--password-ref",
            paramLabel = "REF",
            description = "another reference to its password: " + Credentials.FORMS)
    private Optional<SecretRef> password = Optional.empty();

    @Mixin
    @SuppressWarnings("UnusedVariable") // its presence refuses the option
    private final NoLiteralPassword literal = new NoLiteralPassword();

    /** Refuses values that settings can't have, before anything is read. */
    public void check() {
        Credentials.check(username, password);
    }

    /** Whether a login other than the settings' own was given. */
    public boolean isGiven() {
        return username.isPresent() || password.isPresent();
    }

    /** See {@link Credentials#warn}. */
    public void warn(Console console) {
        Credentials.warn(console, password);
    }

    /** {@code sourceSettings} with the server of {@code endpoint} and the given login. */
    public ConnectionSettings on(Converters.EndpointText endpoint, ConnectionSettings sourceSettings) {
        return Credentials.moved(sourceSettings, endpoint, username, password);
    }
}
