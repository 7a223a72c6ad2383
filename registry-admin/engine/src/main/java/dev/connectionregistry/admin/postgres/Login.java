package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.core.internal.bounds.LoginGuard;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who logs in where. Immutable; holds no password, only how to look it up, which is repeated at each login.
 *
 * @param endpoint the server and the database on it
 * @param username the role
 * @param password finds the password; called on the thread that logs in
 * @param properties further properties of the driver, such as {@code sslmode}
 */
public record Login(Endpoint endpoint, String username, PasswordSource password, Map<String, String> properties) {
    @FunctionalInterface
    public interface PasswordSource {
        /**
         * The current password.
         *
         * @throws SecretException if there is none, saying where it was looked for
         */
        Secret get() throws SecretException;

        /** Where it is looked up, such as {@code env:APP_PASSWORD}, for messages; empty if that has no name. */
        default String where() {
            return "";
        }

        /**
         * The properties to log in with, after a check of what the login asks for, before anything is contacted.
         *
         * @throws SecretException if the operator's bounds refuse it
         */
        default Map<String, String> admit(Map<String, String> properties) throws SecretException {
            return properties;
        }

        /** The same for one host of the endpoint, for which a token may have to be made. */
        default PasswordSource at(Endpoint host) {
            return this;
        }

        /** What to add to a failed login's message; may be empty. */
        default String advice(String message) {
            return "";
        }
    }

    /** A password that a reference leads to, within the operator's bounds. */
    private record Referred(SecretRequest request, SecretResolvers resolvers, LoginGuard guard)
            implements PasswordSource {
        @Override
        public Secret get() throws SecretException {
            return resolvers.resolve(request);
        }

        @Override
        public String where() {
            return request.reference().toString();
        }

        @Override
        public Map<String, String> admit(Map<String, String> properties) throws SecretException {
            try {
                return guard.admit(request.endpoint(), request.reference(), properties);
            } catch (InvalidSettingsException e) {
                throw new SecretException(String.valueOf(e.getMessage()), e);
            }
        }

        @Override
        public PasswordSource at(Endpoint host) {
            return new Referred(new SecretRequest(request.reference(), host, request.username()), resolvers, guard);
        }

        @Override
        public String advice(String message) {
            return guard.advice(message);
        }
    }

    public Login {
        properties = Map.copyOf(properties);
    }

    /** A login with a password from {@code resolvers}, within what {@code guard} allows. */
    public static Login of(
            Endpoint endpoint,
            String username,
            SecretRef password,
            Map<String, String> properties,
            SecretResolvers resolvers,
            LoginGuard guard) {
        SecretRequest request = new SecretRequest(password, endpoint, username);
        return new Login(endpoint, username, new Referred(request, resolvers, guard), properties);
    }

    /**
     * The same login without properties that would affect a session which must be able to write, whatever the services
     * want for theirs.
     */
    public Login plain() {
        Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        kept.putAll(properties);
        for (String bending : new String[] {"options", "readOnly", "readOnlyMode", "currentSchema", "autosave"}) {
            kept.remove(bending);
        }
        return new Login(endpoint, username, password, kept);
    }

    /** The same login to one of the endpoint's hosts. */
    public Login at(Endpoint host) {
        return new Login(host, username, password.at(host), properties);
    }

    /** {@code role at host:port/name}. */
    @Override
    public String toString() {
        return username + " at " + endpoint;
    }
}
