package dev.connectionregistry.internal.pool;

import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolvers;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Tls;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Logs in with the password that the settings refer to, and once more with what has taken its place if the server refuses it.
 * Thread-safe.
 */
final class Passwords {
    private static final String WRONG_PASSWORD = "28P01";

    private final SecretResolvers secrets;
    private final Map<SecretRequest, AtomicLong> changes = new ConcurrentHashMap<>();

    Passwords(SecretResolvers secrets) {
        this.secrets = secrets;
    }

    /** A try to log in. */
    interface Attempt<T> {
        T with(Secret password) throws SQLException;
    }

    /**
     * Logs in.
     *
     * @throws SQLException as the attempt does; 28000 if no password can be found, or it may not be sent
     */
    <T> T logIn(ConnectionSettings settings, Attempt<T> attempt) throws SQLException {
        refuseTokenInTheOpen(settings);
        SecretRequest request = request(settings);
        Secret password = password(request);
        try {
            return attempt.with(password);
        } catch (SQLException refusal) {
            Secret other = otherThan(password, request, refusal);
            T session = attempt.with(other);
            changes.computeIfAbsent(request, any -> new AtomicLong()).incrementAndGet();
            return session;
        }
    }

    /** How often a password of these settings was found to have been changed. */
    long changes(ConnectionSettings settings) {
        AtomicLong count = changes.get(request(settings));
        return count == null ? 0 : count.get();
    }

    private static SecretRequest request(ConnectionSettings settings) {
        return new SecretRequest(settings.password(), settings.endpoint(), settings.username());
    }

    private Secret password(SecretRequest request) throws SQLException {
        try {
            return secrets.resolve(request);
        } catch (SecretException e) {
            throw new SQLNonTransientConnectionException(String.valueOf(e.getMessage()), "28000", e);
        }
    }

    private Secret otherThan(Secret refused, SecretRequest request, SQLException refusal) throws SQLException {
        if (!WRONG_PASSWORD.equals(refusal.getSQLState())) {
            throw refusal;
        }
        try {
            Optional<Secret> other = secrets.renewed(request, refused);
            if (other.isPresent()) {
                return other.get();
            }
        } catch (SecretException e) {
            refusal.addSuppressed(e);
        }
        throw refusal;
    }

    /** A token opens the database to whoever reads it on the way. */
    private static void refuseTokenInTheOpen(ConnectionSettings settings) throws SQLException {
        try {
            Tls.of(settings).requireFor(settings.password(), settings.endpoint());
        } catch (InvalidSettingsException e) {
            throw new SQLNonTransientConnectionException(String.valueOf(e.getMessage()), "28000", e);
        }
    }
}
