package dev.connectionregistry.core.internal.secrets;

import dev.connectionregistry.core.internal.secrets.BoundedFile.UnusableFileException;
import dev.connectionregistry.secrets.BoundedSecrets;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import java.time.Duration;

/**
 * Resolves {@code file:/path}: the content of a regular file of at most 64 KiB, without a line break at its end. Reads
 * the file again for every connection, so that a replaced file (such as a mounted Kubernetes secret) takes effect
 * without a restart. Reads on a thread of its own, so a file system that doesn't answer delays a caller only for a
 * bounded time. Thread-safe; the caller must {@link #close} it.
 */
public final class FileSecrets implements SecretResolver, AutoCloseable {
    private static final int MAXIMUM_BYTES = 64 * 1024;
    private static final Duration BOUND = Duration.ofSeconds(5);

    private final BoundedSecrets bounded = new BoundedSecrets(new Reader(), BOUND);

    @Override
    public String scheme() {
        return "file";
    }

    @Override
    public Secret resolve(SecretRequest request) throws SecretException {
        return bounded.resolve(request);
    }

    /** Ends its threads. Idempotent. */
    @Override
    public void close() {
        bounded.close();
    }

    private static final class Reader implements SecretResolver {
        @Override
        public String scheme() {
            return "file";
        }

        @Override
        public Secret resolve(SecretRequest request) throws SecretException {
            String location = request.reference().locator();
            try {
                String value = BoundedFile.readText(location, MAXIMUM_BYTES).replaceFirst("\\R\\z", "");
                if (value.isEmpty()) {
                    throw new SecretException("password file " + location + " is empty", null);
                }
                return new Secret(value);
            } catch (UnusableFileException e) {
                throw new SecretException("password file " + location + " " + e.getMessage(), e);
            }
        }
    }
}
