package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.output.Console;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.Optional;
import java.util.Set;

/** Another user name, another reference, or both. */
final class Credentials {
    /** Where a password may be, for help and errors: what every service can read, and that there is more. */
    static final String FORMS = "env:NAME or file:/path; others need a resolver in the service";

    private static final Set<String> RESOLVED_EVERYWHERE = Set.of("env", "file");

    private static final ConnectionSettings ANY =
            ConnectionSettings.of(new Endpoint("any", 1, "any"), "any", new SecretRef("env", "ANY"));

    private Credentials() {}

    /** Refuses what no settings can have, before anything is read. */
    static void check(Optional<String> username, Optional<SecretRef> password) {
        ConnectionSettings unused = apply(ANY, username, password);
        assert unused != null;
    }

    /** Services refuse settings whose password they can't find, and that is seen only after the write. */
    static void warn(Console console, Optional<SecretRef> password) {
        password.map(SecretRef::scheme)
                .filter(scheme -> !RESOLVED_EVERYWHERE.contains(scheme))
                .ifPresent(scheme -> console.warn("services need a resolver for '" + scheme
                        + (scheme.equals("rds-iam") ? "" : ":")
                        + "' passwords; without one they refuse these settings"));
    }

    /** On another server, where the name of the database stays if {@code endpoint} has none. */
    static ConnectionSettings moved(
            ConnectionSettings settings,
            Converters.EndpointText endpoint,
            Optional<String> username,
            Optional<SecretRef> password) {
        return apply(settings.withEndpoint(endpoint.resolve(settings.endpoint().databaseName())), username, password);
    }

    static ConnectionSettings apply(
            ConnectionSettings settings, Optional<String> username, Optional<SecretRef> password) {
        return settings.withCredentials(username.orElse(settings.username()), password.orElse(settings.password()));
    }
}
