package dev.connectionregistry.secrets;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** All resolvers of a data source, by scheme. Immutable. */
public final class SecretResolvers {
    private final Map<String, SecretResolver> byScheme = new TreeMap<>();

    /** {@code env:} and {@code file:}, and {@code more}; one of {@code more} replaces an earlier one of its scheme. */
    public SecretResolvers(Collection<? extends SecretResolver> more) {
        add(new EnvironmentSecrets());
        add(new FileSecrets());
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
        String scheme = request.reference().scheme();
        SecretResolver resolver = byScheme.get(scheme);
        if (resolver == null) {
            throw new SecretException(
                    "no resolver for '" + scheme + ":' passwords in this service; it has " + byScheme.keySet()
                            + ": add one with RegistryDataSource.builder().secrets(...)",
                    null);
        }
        try {
            return resolver.resolve(request);
        } catch (RuntimeException | LinkageError e) { // an optional SDK may be missing from the class path
            throw new SecretException(
                    "the resolver for '" + scheme + ":' failed: " + e.getClass().getName(), e);
        }
    }
}
