package dev.connectionregistry.admin.server;

import dev.connectionregistry.admin.server.AdminDefaults.Role;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.List;
import java.util.Optional;

/**
 * The role that carries a cutover out on a server, if it isn't the services' role.
 *
 * @param username the role that the command was given; empty for the default
 * @param password where its password is; empty for the default
 * @param defaults the operator's defaults; if they say nothing, it is the services' own login
 */
public record AdminLogin(Optional<String> username, Optional<SecretRef> password, AdminDefaults defaults) {
    /** The services' own role. */
    public static final AdminLogin SAME = new AdminLogin(Optional.empty(), Optional.empty());

    /** Without defaults. */
    public AdminLogin(Optional<String> username, Optional<SecretRef> password) {
        this(username, password, AdminDefaults.NONE);
    }

    /** Whether nothing is given; ask the result of {@link #at} if defaults count. */
    public boolean isSame() {
        return username.isEmpty() && password.isEmpty();
    }

    /** This, with what it leaves open taken from {@code other}. */
    public AdminLogin inheriting(AdminLogin other) {
        return new AdminLogin(username.or(other::username), password.or(other::password), defaults);
    }

    /** This, completed by the defaults for the server of {@code endpoint}. */
    public AdminLogin at(Endpoint endpoint) {
        Role role = defaults.complete(new Role(username, password), endpoint);
        return new AdminLogin(role.username(), role.password(), defaults);
    }

    /**
     * The same if the defaults are the same for all of these servers; otherwise this, since the login depends on the
     * server.
     */
    public AdminLogin at(List<Endpoint> endpoints) {
        List<AdminLogin> logins = endpoints.stream().map(this::at).distinct().toList();
        return logins.size() == 1 ? logins.get(0) : this;
    }

    /** The login that follows on the server that {@code services} log in to. */
    public ServerLogin on(ServerLogin services) {
        AdminLogin here = at(services.endpoint());
        return new ServerLogin(
                services.endpoint(),
                here.username.orElse(services.username()),
                here.password.orElse(services.password()),
                services.properties());
    }
}
