package dev.connectionregistry.secrets;

import java.util.Optional;

/**
 * Finds passwords of one scheme. Called whenever a physical connection is opened, on the threads that open connections
 * and never on a thread in {@code getConnection()}; may block for a bounded time. Implementations are thread-safe.
 *
 * <p>Register your own resolver with {@code RegistryDataSource.builder().secrets(...)}. It stays yours: close it after
 * the data source. Wrap a resolver that asks over a network in {@link CachedSecrets}, which bounds and remembers.
 */
public interface SecretResolver {
    /** The scheme that it resolves: {@code env}, {@code file}, or {@code x-NAME} for your own. */
    String scheme();

    /**
     * Finds the password.
     *
     * @throws SecretException if there is none; the settings that need it are then rejected with this message
     */
    Secret resolve(SecretRequest request) throws SecretException;

    /**
     * Looks for another password, after the server has refused {@code refused}, which this resolver returned. By
     * default this calls {@link #resolve} again. A resolver that remembers passwords reads them again, but not more
     * often than is good for the service that it asks; a resolver that creates a new token each time returns empty.
     *
     * @return another password; empty if there is none, or if that can't be determined now
     * @throws SecretException if the password no longer exists
     */
    default Optional<Secret> renewed(SecretRequest request, Secret refused) throws SecretException {
        Secret now = resolve(request);
        return now.isSameAs(refused) ? Optional.empty() : Optional.of(now);
    }
}
