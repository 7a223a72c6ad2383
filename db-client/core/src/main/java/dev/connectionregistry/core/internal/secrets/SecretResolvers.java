package dev.connectionregistry.core.internal.secrets;

import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All resolvers of a data source, by scheme. Immutable. Owns those for {@code env:} and {@code file:} that it begins with, and none
 * of the others; its maker must {@link #close} it.
 */
public final class SecretResolvers implements AutoCloseable {
    private final Map<String, SecretResolver> byScheme = new TreeMap<>();
    private final FileSecrets files = new FileSecrets();

    /** {@code env:} and {@code file:}, and {@code more}; one of {@code more} replaces an earlier one of its scheme. */
    public SecretResolvers(Collection<? extends SecretResolver> more) {
        add(new EnvironmentSecrets());
        add(files);
        more.forEach(this::add);
    }

    private void add(SecretResolver resolver) {
        byScheme.put(resolver.scheme(), resolver);
    }

    /**
     * Finds the password with the resolver of its scheme.
     *
     * @throws SecretException if there is no such resolver, or it finds none
     */
    public Secret resolve(SecretRequest request) throws SecretException {
        return ask(request, resolver -> resolver.resolve(request));
    }

    /**
     * Looks for another password than {@code refused}, which the server has refused.
     *
     * @return another one; empty if there is none, or nobody can tell now
     * @throws SecretException if there is no such resolver, or no password at all any more
     */
    public Optional<Secret> renewed(SecretRequest request, Secret refused) throws SecretException {
        return ask(request, resolver -> resolver.renewed(request, refused));
    }

    private interface Question<T> {
        T put(SecretResolver resolver) throws SecretException;
    }

    private <T> T ask(SecretRequest request, Question<T> question) throws SecretException {
        String scheme = request.reference().scheme();
        SecretResolver resolver = byScheme.get(scheme);
        if (resolver == null) {
            throw new SecretException(
                    "no resolver for '" + scheme + ":' passwords in this service; it has " + byScheme.keySet()
                            + ": add one with RegistryDataSource.builder().secrets(...)",
                    null);
        }
        try {
            return question.put(resolver);
        } catch (RuntimeException | LinkageError e) { // one of somebody else's may do anything
            throw new SecretException(
                    "the resolver for '" + scheme + ":' failed: " + e.getClass().getName(), e);
        }
    }

    /** Ends its own resolvers' threads. Idempotent. */
    @Override
    public void close() {
        files.close();
    }
}
