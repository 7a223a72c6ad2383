package dev.connectionregistry.admin.wiring;

import dev.connectionregistry.admin.postgres.session.Login;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.secrets.SecretResolvers;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/** Gives logins the means to find their passwords on this machine. Thread-safe. */
@Singleton
final class Logins {
    private final SecretResolvers secrets = new SecretResolvers(List.of());

    @Inject
    Logins() {}

    Login of(ServerLogin login) {
        return Login.of(login.endpoint(), login.username(), login.password(), login.properties(), secrets);
    }
}
