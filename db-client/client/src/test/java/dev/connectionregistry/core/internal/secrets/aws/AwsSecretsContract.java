package dev.connectionregistry.core.internal.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.dynamodb.SystemProperties;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.secrets.CachedSecrets;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.Rotation;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.net.URI;
import java.sql.Connection;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/** What every server that answers for Secrets Manager and Systems Manager must give our resolvers. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
public abstract class AwsSecretsContract {
    private static final CachedSecrets.Times QUICK = new CachedSecrets.Times(
            Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMillis(1), Duration.ofMillis(100));

    private final SystemProperties properties = new SystemProperties();
    private final String name = "registry-test/" + UUID.randomUUID();
    private AwsSecrets secrets;
    private SecretsManagerClient manager;
    private SsmClient parameters;

    /** Where the server is. */
    protected abstract URI endpoint();

    @BeforeEach
    void open() {
        properties.set("aws.accessKeyId", "test");
        properties.set("aws.secretAccessKey", "test");
        secrets = new AwsSecrets(AwsPlace.DEFAULT.withRegion("eu-west-1").withEndpointUrl(endpoint()), QUICK);
        manager = SecretsManagerClient.builder()
                .region(Region.EU_WEST_1)
                .endpointOverride(endpoint())
                .build();
        parameters = SsmClient.builder()
                .region(Region.EU_WEST_1)
                .endpointOverride(endpoint())
                .build();
    }

    @AfterEach
    void close() {
        secrets.close();
        manager.close();
        parameters.close();
        properties.restore();
    }

    private String resolved(String reference) throws SecretException {
        SecretRef parsed = SecretRef.parse(reference);
        SecretResolver resolver = secrets.resolvers().stream()
                .filter(each -> each.scheme().equals(parsed.scheme()))
                .findFirst()
                .orElseThrow();
        return resolver.resolve(new SecretRequest(parsed, Endpoint.parse("db1:5432/orders"), "app"))
                .reveal();
    }

    @Test
    void readsAPlainSecretByNameAndByArn() throws SecretException {
        String arn = manager.createSecret(create -> create.name(name).secretString("plain-pw"))
                .arn();
        assertThat(resolved("secretsmanager:" + name)).isEqualTo("plain-pw");
        assertThat(resolved("secretsmanager:" + arn)).isEqualTo("plain-pw");
    }

    @Test
    void readsTheFieldOfASecretAsRdsKeepsIt() throws SecretException {
        manager.createSecret(create -> create.name(name)
                .secretString("{\"engine\":\"postgres\",\"username\":\"app\",\"password\":\"json-pw\",\"port\":5432}"));
        assertThat(resolved("secretsmanager:" + name + "#password")).isEqualTo("json-pw");
        assertThatThrownBy(() -> resolved("secretsmanager:" + name + "#pass")).hasMessageContaining("no field 'pass'");
    }

    @Test
    void refusesABinarySecretAndOneThatIsNotThere() {
        manager.createSecret(create -> create.name(name).secretBinary(SdkBytes.fromUtf8String("binary-pw")));
        assertThatThrownBy(() -> resolved("secretsmanager:" + name)).hasMessageContaining("is binary");
        assertThatThrownBy(() -> resolved("secretsmanager:" + name + "-not"))
                .hasMessageContaining("have nothing with this name");
    }

    @Test
    void readsAnEncryptedParameter() throws SecretException {
        parameters.putParameter(
                put -> put.name("/" + name).type(ParameterType.SECURE_STRING).value("parameter-pw"));
        assertThat(resolved("ssm:/" + name)).isEqualTo("parameter-pw");
        assertThatThrownBy(() -> resolved("ssm:/" + name + "-not")).hasMessageContaining("have nothing with this name");
    }

    @Test
    void aServiceGoesOnWhenTheSecretIsRotatedAndNobodyTellsIt() throws Exception {
        try (Rotation role = Rotation.on(Servers.first())) {
            manager.createSecret(create -> create.name(name).secretString(json(role, role.password())));
            InMemoryRegistry registry = new InMemoryRegistry();
            registry.put("orders", role.settings("secretsmanager:" + name + "#password"));
            try (RegistryDataSource dataSource = Sources.on(registry, "contract")
                    .secrets(secrets.resolvers().toArray(SecretResolver[]::new))
                    .build()) {
                String next = role.change();
                manager.putSecretValue(put -> put.secretId(name).secretString(json(role, next)));
                role.endSessions();
                Sources.useUntilGeneration(dataSource, 2);
                try (Connection connection = dataSource.getConnection()) {
                    assertThat(connection.isValid(5)).isTrue();
                }
            }
        }
    }

    private static String json(Rotation role, String password) {
        return "{\"username\":\"" + role.name() + "\",\"password\":\"" + password + "\"}";
    }
}
