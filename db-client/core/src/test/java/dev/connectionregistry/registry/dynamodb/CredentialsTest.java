package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import dev.connectionregistry.settings.DatabaseName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Without credentials or region, and with a metadata service that accepts connections and never answers. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
final class CredentialsTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");

    private Path folder;

    private final SystemProperties properties = new SystemProperties();
    private ServerSocket silentMetadata;

    @BeforeEach
    void nothingConfigured(@TempDir Path empty) throws IOException {
        folder = empty;
        for (String variable : List.of(
                "AWS_ACCESS_KEY_ID",
                "AWS_REGION",
                "AWS_PROFILE",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
            assumeTrue(System.getenv(variable) == null, variable + " is set here");
        }
        silentMetadata = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        properties.set("aws.ec2MetadataServiceEndpoint", "http://127.0.0.1:" + silentMetadata.getLocalPort());
        properties.set(
                "aws.sharedCredentialsFile", folder.resolve("credentials").toString());
        properties.set("aws.configFile", folder.resolve("config").toString());
    }

    @AfterEach
    void close() throws IOException {
        properties.restore();
        silentMetadata.close();
    }

    private static TableLocation location() {
        return TableLocation.of("registry")
                .withEndpointUrl(LocalTable.server().endpoint().toString());
    }

    @Test
    void aMissingRegionIsSaidSoonWithTheVariableToSet() {
        long before = System.nanoTime();
        assertThatThrownBy(() -> DynamoDbSettingsRegistry.open(location()))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
                .hasMessageContaining("AWS_REGION")
                .hasMessageContaining("--region");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void missingCredentialsAreSaidSoonWithTheVariablesToSet() {
        try (DynamoDbSettingsRegistry services =
                DynamoDbSettingsRegistry.open(location().withRegion("eu-west-1"))) {
            long before = System.nanoTime();
            ReadResult result = services.read(ORDERS);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(6));
            assertDenied(result, "AWS_ACCESS_KEY_ID");
        }
    }

    @Test
    void missingCredentialsMeanThatNothingWasWrittenAndNoOtherRightIsTried() {
        try (DynamoDbRegistryAdministration operators =
                DynamoDbRegistryAdministration.open(location().withRegion("eu-west-1"))) {
            assertThat(operators.checkAccess())
                    .noneMatch(check -> check.ok())
                    .anySatisfy(check -> assertThat(check.detail()).contains("not tried"));
        }
    }

    @Test
    void aProfileThatIsNotThereIsNamedAlsoWhenThereAreOtherCredentials() {
        properties.set("aws.accessKeyId", LocalTable.server().accessKeyId());
        properties.set("aws.secretAccessKey", LocalTable.server().secretAccessKey());
        try (DynamoDbSettingsRegistry services =
                DynamoDbSettingsRegistry.open(location().withRegion("eu-west-1").withProfile("night-shift"))) {
            assertDenied(services.read(ORDERS), "night-shift");
        }
    }

    @Test
    void aProfileGivesRegionAndCredentials() throws IOException {
        Files.writeString(
                folder.resolve("config"),
                "[profile night-shift]\nregion = eu-west-3\naws_access_key_id = "
                        + LocalTable.server().accessKeyId() + "\naws_secret_access_key = "
                        + LocalTable.server().secretAccessKey() + "\n");
        try (DynamoDbSettingsRegistry services =
                DynamoDbSettingsRegistry.open(location().withProfile("night-shift"))) {
            assertThat(services.describe()).contains("eu-west-3");
            assertThat(services.read(ORDERS))
                    .isInstanceOfSatisfying(ReadResult.Unreadable.class, unreadable -> assertThat(
                                    unreadable.problem().kind())
                            .isEqualTo(Kind.TABLE_MISSING));
        }
    }

    private static void assertDenied(ReadResult result, String remedy) {
        assertThat(result).isInstanceOfSatisfying(ReadResult.Unreadable.class, unreadable -> {
            assertThat(unreadable.problem().kind()).isEqualTo(Kind.DENIED);
            assertThat(unreadable.problem()).hasMessageContaining(remedy).hasMessageNotContaining("ProviderChain");
        });
    }
}
