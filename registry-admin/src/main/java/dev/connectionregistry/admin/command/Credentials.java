package dev.connectionregistry.admin.command;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.Optional;

/** Another user name, another reference, or both. */
final class Credentials {
    private static final ConnectionSettings ANY =
            ConnectionSettings.of(new Endpoint("any", 1, "any"), "any", new SecretRef("rds-iam", ""));

    private Credentials() {}

    /** Refuses what no settings can have, before anything is read. */
    static void check(Optional<String> username, Optional<SecretRef> password) {
        ConnectionSettings unused = apply(ANY, username, password);
        assert unused != null;
    }

    static ConnectionSettings apply(
            ConnectionSettings settings, Optional<String> username, Optional<SecretRef> password) {
        return settings.withCredentials(username.orElse(settings.username()), password.orElse(settings.password()));
    }
}
