package dev.connectionregistry.admin.server;

import dev.connectionregistry.admin.common.ServerAddress;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The administrator's roles that a command uses if its options name none, by server, so that they stay right when source and target
 * change places. Has references, no passwords. Immutable.
 *
 * @param byServer the roles of single servers; the keys are those of {@link ServerAddress}
 * @param everywhere the roles on every server, the most important one first
 */
public record AdminDefaults(Map<String, Role> byServer, List<Role> everywhere) {
    public static final AdminDefaults NONE = new AdminDefaults(Map.of(), List.of());

    public AdminDefaults {
        byServer = Map.copyOf(byServer);
        everywhere = List.copyOf(everywhere);
    }

    /**
     * A role, as far as it is given.
     *
     * @param username its name
     * @param password where its password is
     */
    public record Role(Optional<String> username, Optional<SecretRef> password) {}

    /**
     * {@code given}, completed for the server of {@code endpoint}: its own entry takes precedence over those for every
     * server; with several hosts, the entry of the first host that has one. A password counts only for the role of its
     * own entry, so that no role is tried with another role's password.
     */
    Role complete(Role given, Endpoint endpoint) {
        Stream<Role> own = endpoint.each().stream()
                .flatMap(host -> Stream.ofNullable(byServer.get(ServerAddress.of(host))))
                .limit(1);
        List<Role> roles = Stream.concat(own, everywhere.stream()).toList();
        Optional<String> username = given.username()
                .or(() ->
                        roles.stream().flatMap(role -> role.username().stream()).findFirst());
        Optional<SecretRef> password = given.password().or(() -> roles.stream()
                .filter(role -> role.username().isEmpty() || role.username().equals(username))
                .flatMap(role -> role.password().stream())
                .findFirst());
        return new Role(username, password);
    }
}
