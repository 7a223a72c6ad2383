package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.output.Console;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.SecretRef;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** As what the services are to log in to the server that they go to. */
final class ServiceLoginOptions {
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
    void check() {
        Credentials.check(username, password);
    }

    /** See {@link Credentials#warn}. */
    void warn(Console console) {
        Credentials.warn(console, password);
    }

    /** {@code present} on the server of {@code endpoint}, with the login that was given. */
    ConnectionSettings on(Converters.EndpointText endpoint, ConnectionSettings present) {
        return Credentials.moved(present, endpoint, username, password);
    }
}
