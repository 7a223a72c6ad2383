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
 * All resolvers of a data source, by scheme. Immutable. Owns its own resolvers for {@code env:} and {@code file:}, but
 * none of the others; the caller must {@link #close} it.
 */
public final class SecretResolvers implements AutoCloseable {
    private final Map<String, SecretResolver> byScheme = new TreeMap<>();
    private final FileSecrets files = new FileSecrets();

    /**
     * Has resolvers for {@code env:} and {@code file:}, and {@code more}; a resolver in {@code more} replaces an
     * earlier one of its scheme.
     */
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
     * @throws SecretException if there is no such resolver, or it finds no password
     */
    public Secret resolve(SecretRequest request) throws SecretException {
        return ask(request, resolver -> resolver.resolve(request));
    }

    /**
     * Looks for another password after the server has refused {@code refused}.
     *
     * @return another one; empty if there is none, or if that can't be determined now
     * @throws SecretException if there is no such resolver, or the password no longer exists
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
        } catch (RuntimeException | LinkageError e) { // somebody else's resolver may throw anything
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
