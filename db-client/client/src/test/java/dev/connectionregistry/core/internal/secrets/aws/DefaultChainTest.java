package dev.connectionregistry.core.internal.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.registry.dynamodb.SystemProperties;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.FakeAws;
import dev.connectionregistry.testing.Leftovers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Every way by which the SDK's default chain finds who we are is there, and so is the way through a proxy. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class DefaultChainTest {
    private final SystemProperties properties = new SystemProperties();
    private final FakeAws aws = new FakeAws();
    private CredentialsServer credentials;
    private Path folder;

    @BeforeEach
    void nothingConfigured(@TempDir Path empty) throws IOException {
        for (String variable : List.of("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE")) {
            assumeTrue(System.getenv(variable) == null, variable + " is set here");
        }
        folder = empty;
        credentials = new CredentialsServer();
        properties.set("aws.region", "eu-west-1");
        properties.set("aws.sharedCredentialsFile", empty.resolve("credentials").toString());
        properties.set("aws.configFile", empty.resolve("config").toString());
        aws.put("orders", "the-password");
    }

    @AfterEach
    void close() {
        properties.restore();
        credentials.close();
        aws.close();
        Leftovers.awaitNoThreads();
    }

    private void assertReadBy(AwsPlace place, String accessKeyId) throws SecretException {
        try (AwsSecrets secrets = new AwsSecrets(place)) {
            SecretRequest request = new SecretRequest(
                    SecretRef.parse("secretsmanager:orders"), Endpoint.parse("db1:5432/orders"), "app");
            assertThat(new SecretResolvers(secrets.resolvers()).resolve(request).reveal())
                    .isEqualTo("the-password");
        }
        assertThat(aws.accessKeyIds()).containsExactly(accessKeyId);
    }

    private AwsPlace here() {
        return AwsPlace.DEFAULT.withEndpointUrl(aws.endpoint());
    }

    @Test
    void aContainersRole() throws SecretException {
        properties.set("aws.containerCredentialsFullUri", credentials.url("/container"));
        assertReadBy(here(), CredentialsServer.CONTAINER);
    }

    @Test
    void aMachinesRole() throws SecretException {
        properties.set("aws.ec2MetadataServiceEndpoint", credentials.url(""));
        assertReadBy(here(), CredentialsServer.MACHINE);
    }

    @Test
    void aWebIdentityAsIrsaGivesIt() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "a.web.token");
        properties.set("aws.webIdentityTokenFile", token.toString());
        properties.set("aws.roleArn", "arn:aws:iam::123456789012:role/orders");
        properties.set("aws.endpointUrlSts", credentials.url(""));
        assertReadBy(here(), CredentialsServer.WEB_IDENTITY);
    }

    @Test
    void aProfileInTheSharedFilesAndItsEndpoint() throws Exception {
        Files.writeString(
                folder.resolve("config"),
                "[profile night]\nregion = eu-west-3\naws_access_key_id = AKIDOFPROFILE\naws_secret_access_key = secret\n"
                        + "endpoint_url = " + aws.endpoint() + "\n");
        properties.set("aws.accessKeyId", "AKIDOFENVIRONMENT");
        properties.set("aws.secretAccessKey", "secret");
        assertReadBy(AwsPlace.DEFAULT.withProfile("night"), "AKIDOFPROFILE");
    }

    @Test
    void aProxyThatTheSystemPropertiesName() throws SecretException {
        properties.set("aws.accessKeyId", "AKIDOFENVIRONMENT");
        properties.set("aws.secretAccessKey", "secret");
        properties.set("http.proxyHost", "127.0.0.1");
        properties.set("http.proxyPort", String.valueOf(aws.endpoint().getPort()));
        assertReadBy(
                AwsPlace.DEFAULT.withEndpointUrl(URI.create("http://secretsmanager.private.invalid")),
                "AKIDOFENVIRONMENT");
        assertThat(aws.hosts()).containsExactly("secretsmanager.private.invalid");
    }
}
