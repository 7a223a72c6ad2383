package dev.connectionregistry.settings;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything that is needed to open a pool for a database. Immutable; contains a reference to the password, never the
 * password.
 *
 * @param endpoint where the server is
 * @param username the role to log in as
 * @param password where to find the password
 * @param role what the server must be
 * @param pool sizes and time-outs
 * @param polling how often instances read the registry
 * @param properties further properties of the Postgres driver, such as {@code sslmode}; sorted, at most 32 with at most
 *     4 KiB in total, none of them a secret; the bounds of the process that logs in decide which are accepted
 */
public record ConnectionSettings(
        Endpoint endpoint,
        String username,
        SecretRef password,
        ServerRole role,
        PoolSettings pool,
        Polling polling,
        Map<String, String> properties) {

    private static final Set<String> SECRET_PROPERTIES = Set.of("password", "sslpassword");
    private static final int MOST_PROPERTIES = 32;
    private static final int MOST_PROPERTY_BYTES = 4 * 1024;

    /**
     * Checks user name and properties, and copies the properties.
     *
     * @throws InvalidSettingsException naming each problem; a property's value is never repeated
     */
    public ConnectionSettings {
        Problems problems = new Problems();
        String user = username;
        problems.attempt(() -> requireUsername(user));
        properties.keySet().forEach(name -> checkProperty(name, problems));
        problems.require(
                properties.size() <= MOST_PROPERTIES,
                properties.size() + " driver properties are given; allowed are " + MOST_PROPERTIES);
        int bytes = properties.entrySet().stream()
                .mapToInt(each -> bytes(each.getKey()) + bytes(each.getValue()))
                .sum();
        problems.require(
                bytes <= MOST_PROPERTY_BYTES,
                "the driver properties have " + bytes + " bytes together; allowed are " + MOST_PROPERTY_BYTES);
        problems.throwIfAny();
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    /**
     * Returns the name of a role if it is allowed.
     *
     * @throws InvalidSettingsException naming it if it isn't allowed
     */
    public static String requireUsername(String username) {
        if (username.isBlank() || username.length() > 63 || username.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidSettingsException(
                    "username '" + username + "' is not allowed; use 1 to 63 characters without control characters");
        }
        return username;
    }

    private static void checkProperty(String name, Problems problems) {
        String lower = name.toLowerCase(Locale.ROOT);
        problems.require(
                !SECRET_PROPERTIES.contains(lower),
                "driver property '" + name + "' is a secret, which settings must not contain; use the password"
                        + " reference");
        problems.require(
                name.matches("[A-Za-z][A-Za-z0-9]{0,62}"),
                "driver property '" + name.substring(0, Math.min(name.length(), 63))
                        + "' is not a name of 1 to 63 letters and digits");
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Settings with the default pool, polling and role; used for a fallback that is given in code. */
    public static ConnectionSettings of(Endpoint endpoint, String username, SecretRef password) {
        return new ConnectionSettings(
                endpoint, username, password, ServerRole.PRIMARY, PoolSettings.DEFAULT, Polling.DEFAULT, Map.of());
    }

    /** With another server. */
    public ConnectionSettings withEndpoint(Endpoint other) {
        return new ConnectionSettings(other, username, password, role, pool, polling, properties);
    }

    /** With another role to log in as and its password reference. */
    public ConnectionSettings withCredentials(String user, SecretRef reference) {
        return new ConnectionSettings(endpoint, user, reference, role, pool, polling, properties);
    }

    /** With another requirement on the server. */
    public ConnectionSettings withRole(ServerRole other) {
        return new ConnectionSettings(endpoint, username, password, other, pool, polling, properties);
    }

    /** With other sizes and time-outs. */
    public ConnectionSettings withPool(PoolSettings other) {
        return new ConnectionSettings(endpoint, username, password, role, other, polling, properties);
    }

    /** With another poll interval. */
    public ConnectionSettings withPolling(Polling other) {
        return new ConnectionSettings(endpoint, username, password, role, pool, other, properties);
    }

    /** With other driver properties. */
    public ConnectionSettings withProperties(Map<String, String> other) {
        return new ConnectionSettings(endpoint, username, password, role, pool, polling, other);
    }
}
