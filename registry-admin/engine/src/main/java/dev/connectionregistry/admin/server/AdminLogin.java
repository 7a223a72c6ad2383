package dev.connectionregistry.admin.server;

import dev.connectionregistry.settings.SecretRef;
import java.util.Optional;

/**
 * Who carries a cutover out on a server, as far as that is somebody else than the services' role.
 *
 * @param username the role; empty for the services'
 * @param password where its password is; empty for where the services' is
 */
public record AdminLogin(Optional<String> username, Optional<SecretRef> password) {
    /** The services' own role. */
    public static final AdminLogin SAME = new AdminLogin(Optional.empty(), Optional.empty());

    /** Whether nothing is given. */
    public boolean isSame() {
        return username.isEmpty() && password.isEmpty();
    }

    /** This where something is given, otherwise {@code other}. */
    public AdminLogin or(AdminLogin other) {
        return isSame() ? other : this;
    }

    /** The login that follows on the server that {@code services} log in to. */
    public ServerLogin on(ServerLogin services) {
        return new ServerLogin(
                services.endpoint(),
                username.orElse(services.username()),
                password.orElse(services.password()),
                services.properties());
    }
}
