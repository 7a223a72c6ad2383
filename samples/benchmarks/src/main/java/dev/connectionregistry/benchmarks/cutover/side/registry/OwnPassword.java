package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.benchmarks.cutover.stage.Login;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;

/**
 * Knows the application's password without an environment variable, which a JVM can't set for itself; the operator's commands
 * find the same reference in theirs. Immutable.
 */
record OwnPassword(Login login) implements SecretResolver {
    /** Takes the place of the resolver that reads the environment. */
    static final String SCHEME = "env";

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public Secret resolve(SecretRequest request) throws SecretException {
        if (!request.username().equals(login.role())) {
            throw new SecretException("the benchmark has a password for " + login.role() + " only", null);
        }
        return new Secret(login.password());
    }
}
