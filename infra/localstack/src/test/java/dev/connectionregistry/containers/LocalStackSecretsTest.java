package dev.connectionregistry.containers;

import dev.connectionregistry.core.internal.secrets.aws.AwsSecretsContract;
import java.net.URI;

@OnContainers
final class LocalStackSecretsTest extends AwsSecretsContract {
    @Override
    protected URI endpoint() {
        return LocalStack.endpoint();
    }
}
