package dev.connectionregistry.secrets;

import java.time.Duration;
import java.util.Optional;

/**
 * Bounds a resolver whose passwords are each used for one connection, such as tokens: asks the resolver every time,
 * remembers nothing, and never mistakes a new token for a changed password. Thread-safe; the caller must {@link #close}
 * it.
 */
public final class BoundedSecrets implements SecretResolver, AutoCloseable {
    private final SecretResolver resolver;
    private final Duration bound;
    private final SecretReads reads = new SecretReads();

    /** Asks {@code resolver}, for at most {@code bound} each time. */
    public BoundedSecrets(SecretResolver resolver, Duration bound) {
        this.resolver = resolver;
        this.bound = bound;
    }

    @Override
    public String scheme() {
        return resolver.scheme();
    }

    @Override
    public Secret resolve(SecretRequest request) throws SecretException {
        return SecretReads.await(reads.begin(resolver, request), bound, request);
    }

    /** Empty: the next connection gets its own token anyway. */
    @Override
    public Optional<Secret> renewed(SecretRequest request, Secret refused) {
        return Optional.empty();
    }

    /** Ends its threads. Idempotent. */
    @Override
    public void close() {
        reads.close();
    }
}
