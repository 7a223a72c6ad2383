package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.benchmarks.cutover.stage.Login;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;

/** Knows the application's password, which is nowhere but in this process' memory. Immutable. */
record OwnPassword(Login login) implements SecretResolver {
    static final String SCHEME = "x-benchmark";

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
