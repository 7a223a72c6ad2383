package dev.connectionregistry.secrets;

/**
 * Finds passwords of one scheme. Called whenever a physical connection is opened, on the threads that open them and never
 * on a caller's of {@code getConnection()}; may block for a bounded time. Implementations are thread-safe.
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
}
