package dev.connectionregistry.core.internal.secrets.aws;

import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;

/** On whatever was given as {@link AwsEndpoint}; skipped where nothing was. */
@Tag("aws-endpoint")
@EnabledIf(value = "isGiven", disabledReason = AwsEndpoint.NONE)
final class GivenAwsSecretsTest extends AwsSecretsContract {
    static boolean isGiven() {
        return AwsEndpoint.given().isPresent();
    }

    @Override
    protected URI endpoint() {
        return AwsEndpoint.given().orElseThrow();
    }
}
