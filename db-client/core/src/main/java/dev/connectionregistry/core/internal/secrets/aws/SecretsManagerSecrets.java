package dev.connectionregistry.core.internal.secrets.aws;

import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Resolves {@code secretsmanager:NAME[#json-key]}: the current version of a secret, by name or ARN. One call each time.
 * Thread-safe.
 */
final class SecretsManagerSecrets implements DeferredResolver.Closeable {
    private final SecretsManagerClient client;

    private SecretsManagerSecrets(SecretsManagerClient client) {
        this.client = client;
    }

    static SecretsManagerSecrets open(AwsIdentity identity, Optional<URI> endpointUrl) throws SecretException {
        return new SecretsManagerSecrets(identity.client(SecretsManagerClient.builder(), endpointUrl));
    }

    @Override
    public String scheme() {
        return "secretsmanager";
    }

    @Override
    public Secret resolve(SecretRequest request) throws SecretException {
        SecretContent content = SecretContent.of(request.reference());
        String text = client.getSecretValue(get -> get.secretId(content.name())).secretString();
        return content.password(text);
    }

    @Override
    public void close() {
        client.close();
    }
}
