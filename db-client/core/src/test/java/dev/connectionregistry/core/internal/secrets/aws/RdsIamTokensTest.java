package dev.connectionregistry.core.internal.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.registry.dynamodb.SystemProperties;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.Leftovers;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.regions.Region;

/** Tokens are made here, without a network: what is in them can be read. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class RdsIamTokensTest {
    private static final String HOST = "orders.c9akciq32.eu-north-1.rds.amazonaws.com";

    private final SystemProperties properties = new SystemProperties();
    private final AwsSecrets secrets = new AwsSecrets(AwsPlace.DEFAULT.withRegion("eu-west-1"));

    @BeforeEach
    void credentials() {
        properties.set("aws.accessKeyId", "AKIDEXAMPLE");
        properties.set("aws.secretAccessKey", "the-secret-access-key");
    }

    @AfterEach
    void close() {
        secrets.close();
        properties.restore();
        Leftovers.awaitNoThreads();
    }

    private Secret token(String host, String role) throws SecretException {
        return new SecretResolvers(secrets.resolvers())
                .resolve(new SecretRequest(SecretRef.parse("rds-iam"), new Endpoint(host, 5433, "orders"), role));
    }

    private static Map<String, String> parameters(String token) {
        return Arrays.stream(URI.create("https://" + token).getRawQuery().split("&"))
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    @Test
    void aTokenIsForThisServerAndRoleAndSigned() throws SecretException {
        String token = token(HOST, "app").reveal();
        assertThat(token).startsWith(HOST + ":5433/?").doesNotContain("the-secret-access-key");
        Map<String, String> parameters = parameters(token);
        assertThat(parameters)
                .containsEntry("DBUser", "app")
                .containsEntry("Action", "connect")
                .containsEntry("X-Amz-Algorithm", "AWS4-HMAC-SHA256")
                .containsEntry("X-Amz-Expires", "900")
                .containsEntry("X-Amz-SignedHeaders", "host");
        assertThat(parameters.get("X-Amz-Credential"))
                .startsWith("AKIDEXAMPLE%2F")
                .endsWith("%2Frds-db%2Faws4_request");
        assertThat(parameters.get("X-Amz-Signature")).matches("[0-9a-f]{64}");
    }

    @Test
    void anotherRoleOrServerHasAnotherSignature() throws SecretException {
        String signature = parameters(token(HOST, "app").reveal()).get("X-Amz-Signature");
        assertThat(parameters(token(HOST, "app2").reveal()).get("X-Amz-Signature"))
                .isNotEqualTo(signature);
        assertThat(parameters(token("db2.internal", "app").reveal()).get("X-Amz-Signature"))
                .isNotEqualTo(signature);
    }

    @Test
    void theRegionIsTheServersOwnAndOtherwiseOurs() throws SecretException {
        assertThat(parameters(token(HOST, "app").reveal()).get("X-Amz-Credential"))
                .contains("%2Feu-north-1%2F");
        assertThat(parameters(token("db2.internal", "app").reveal()).get("X-Amz-Credential"))
                .contains("%2Feu-west-1%2F");
        assertThat(RdsIamTokens.regionIn("orders.cluster-ro-c9ak.US-EAST-1.rds.amazonaws.com."))
                .contains(Region.US_EAST_1);
        assertThat(RdsIamTokens.regionIn("orders.c9ak.cn-north-1.rds.amazonaws.com.cn"))
                .contains(Region.of("cn-north-1"));
        assertThat(RdsIamTokens.regionIn("rds.amazonaws.com.example.org")).isEmpty();
    }

    @Test
    void aTokenIsNeverTakenForAPasswordThatWasChanged() throws SecretException {
        SecretRequest request =
                new SecretRequest(SecretRef.parse("rds-iam"), new Endpoint(HOST, 5432, "orders"), "app");
        SecretResolvers resolvers = new SecretResolvers(secrets.resolvers());
        assertThat(resolvers.renewed(request, new Secret("an older token"))).isEmpty();
    }

    @Test
    void withoutCredentialsItSaysWhatToSet(@TempDir Path empty) {
        properties.restore();
        properties.set("aws.disableEc2Metadata", "true");
        properties.set("aws.sharedCredentialsFile", empty.resolve("credentials").toString());
        properties.set("aws.configFile", empty.resolve("config").toString());
        assertThatThrownBy(() -> token(HOST, "app"))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("no AWS credentials were found: set AWS_PROFILE");
    }
}
