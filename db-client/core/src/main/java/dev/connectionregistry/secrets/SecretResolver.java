package dev.connectionregistry.secrets;

import java.util.Optional;

/**
 * Finds passwords of one scheme. Called whenever a physical connection is opened, on the threads that open them and never
 * on a caller's of {@code getConnection()}; may block for a bounded time. Implementations are thread-safe.
 *
 * <p>One's own is made known with {@code RegistryDataSource.builder().secrets(...)} and stays its maker's, who closes it after
 * the data source. One that asks over a network is best wrapped into {@link CachedSecrets}, which bounds and remembers.
 */
public interface SecretResolver {
    /** The scheme it answers for: {@code env}, {@code file}, or {@code x-NAME} for one's own. */
    String scheme();

    /**
     * Finds the password.
     *
     * @throws SecretException if there is none; the settings that need it are then rejected with this message
     */
    Secret resolve(SecretRequest request) throws SecretException;

    /**
     * The server has refused {@code refused}, which came from here: looks whether there is another password by now. This asks
     * {@link #resolve} again. One that remembers looks past its memory, but not more often than is good for the service that it asks; one
     * that makes a new token each time answers that there is no other.
     *
     * @return another password; empty if there is none, or nobody can tell now
     * @throws SecretException if there is no password at all any more
     */
    default Optional<Secret> renewed(SecretRequest request, Secret refused) throws SecretException {
        Secret now = resolve(request);
        return now.isSameAs(refused) ? Optional.empty() : Optional.of(now);
    }
}
