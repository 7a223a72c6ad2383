package dev.connectionregistry.core.internal.secrets;

import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import java.util.Map;

/** {@code env:NAME}: the value of an environment variable of this process. */
public final class EnvironmentSecrets implements SecretResolver {
    private final Map<String, String> environment;

    public EnvironmentSecrets() {
        this(System.getenv());
    }

    public EnvironmentSecrets(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String scheme() {
        return "env";
    }

    @Override
    public Secret resolve(SecretRequest request) throws SecretException {
        String name = request.reference().locator();
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw new SecretException(
                    "environment variable " + name + " is not set; it should hold the password of " + request.username()
                            + " at " + request.endpoint(),
                    null);
        }
        return new Secret(value);
    }
}
