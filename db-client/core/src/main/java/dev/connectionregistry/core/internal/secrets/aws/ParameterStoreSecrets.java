package dev.connectionregistry.core.internal.secrets.aws;

import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.services.ssm.SsmClient;

/** Resolves {@code ssm:/path}: a parameter of Systems Manager, decrypted. One call each time. Thread-safe. */
final class ParameterStoreSecrets implements DeferredResolver.Closeable {
    private final SsmClient client;

    private ParameterStoreSecrets(SsmClient client) {
        this.client = client;
    }

    static ParameterStoreSecrets open(AwsIdentity identity, Optional<URI> endpointUrl) throws SecretException {
        return new ParameterStoreSecrets(identity.client(SsmClient.builder(), endpointUrl));
    }

    @Override
    public String scheme() {
        return "ssm";
    }

    @Override
    public Secret resolve(SecretRequest request) throws SecretException {
        String name = request.reference().locator();
        String value = client.getParameter(get -> get.name(name).withDecryption(true))
                .parameter()
                .value();
        if (value == null || value.isEmpty()) {
            throw new SecretException("parameter '" + name + "' in the Parameter Store is empty", null);
        }
        return new Secret(value);
    }

    @Override
    public void close() {
        client.close();
    }
}
