package dev.connectionregistry.internal.pool;

import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.core.internal.util.RecentlyUsed;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.settings.ConnectionSettings;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Logs in with the password that the settings refer to. If the server refuses it, logs in once more with the password
 * that has replaced it.
 * Thread-safe.
 */
final class Passwords {
    private static final String WRONG_PASSWORD = "28P01";
    /** Many more than one data source's generations at any time. */
    private static final int REMEMBERED = 64;

    private final SecretResolvers secrets;
    private final RecentlyUsed<SecretRequest, Logins> logins = new RecentlyUsed<>(REMEMBERED, Logins.NONE);

    Passwords(SecretResolvers secrets) {
        this.secrets = secrets;
    }

    /** An attempt to log in. */
    interface Attempt<T> {
        T with(Secret password) throws SQLException;
    }

    /**
     * Logs in.
     *
     * @throws SQLException as the attempt does; 28000 if no password can be found
     */
    <T> T logIn(ConnectionSettings settings, Attempt<T> attempt) throws SQLException {
        SecretRequest request = request(settings);
        Secret password = password(request);
        try {
            return logIn(request, password, attempt);
        } catch (SQLException refusal) {
            return logIn(request, otherThan(password, request, refusal), attempt);
        }
    }

    private <T> T logIn(SecretRequest request, Secret password, Attempt<T> attempt) throws SQLException {
        try {
            T session = attempt.with(password);
            note(request, before -> before.accepted(password));
            return session;
        } catch (SQLException refusal) {
            if (WRONG_PASSWORD.equals(refusal.getSQLState())) {
                note(request, before -> before.refused(password));
            }
            throw refusal;
        }
    }

    private void note(SecretRequest request, UnaryOperator<Logins> outcome) {
        Logins unused = logins.update(request, outcome);
        assert unused != null;
    }

    /**
     * How often these settings' password was found to have changed. Either the server refused a password that it had
     * accepted, and accepted another one, at once or later (the server may be changed before the store); or it accepted
     * a password that it had refused at first (the store may be changed before the server).
     */
    long changes(ConnectionSettings settings) {
        return logins.get(request(settings)).changes();
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

    /**
     * The outcomes of the logins with one reference. A token, which is new each time, is never tried again.
     *
     * @param accepted the password that the server last accepted
     * @param refused the password that it has refused since then, until that counts as a change
     */
    private record Logins(
            @Nullable Secret accepted, @Nullable Secret refused, long changes) {
        static final Logins NONE = new Logins(null, null, 0);

        Logins refused(Secret password) {
            return accepted == null ? this : new Logins(accepted, password, changes);
        }

        Logins accepted(Secret password) {
            boolean changed = accepted != null
                    && refused != null
                    && !accepted.isSameAs(password)
                    && (refused.isSameAs(accepted) || refused.isSameAs(password));
            return changed ? new Logins(password, null, changes + 1) : new Logins(password, refused, changes);
        }
    }
}
