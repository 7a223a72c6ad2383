package dev.connectionregistry.core.internal.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.registry.dynamodb.SystemProperties;
import dev.connectionregistry.secrets.CachedSecrets;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.FakeAws;
import dev.connectionregistry.testing.Leftovers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answers, and the failures, of Secrets Manager and the Parameter Store. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class AwsSecretsTest {
    private static final Duration NEVER_FRESH = Duration.ofNanos(1);

    private final SystemProperties properties = new SystemProperties();
    private final FakeAws aws = new FakeAws();
    private AwsSecrets secrets;

    @BeforeEach
    void open() {
        properties.set("aws.accessKeyId", "test");
        properties.set("aws.secretAccessKey", "the-secret-access-key");
        properties.set("aws.retryMode", "adaptive"); // which nobody may take
        secrets = with(new CachedSecrets.Times(
                NEVER_FRESH, Duration.ofSeconds(8), Duration.ofMillis(1), Duration.ofMillis(10)));
    }

    private AwsSecrets with(CachedSecrets.Times times) {
        return new AwsSecrets(AwsPlace.DEFAULT.withRegion("eu-west-1").withEndpointUrl(aws.endpoint()), times);
    }

    @AfterEach
    void close() {
        secrets.close();
        aws.close();
        properties.restore();
        Leftovers.awaitNoThreads();
    }

    private static SecretRequest request(String reference) {
        return new SecretRequest(SecretRef.parse(reference), Endpoint.parse("db1:5432/orders"), "app");
    }

    private String resolved(String reference) throws SecretException {
        return new SecretResolvers(secrets.resolvers())
                .resolve(request(reference))
                .reveal();
    }

    @Test
    void readsTextsFieldsAndParameters() throws SecretException {
        aws.put("orders", "plain {pw");
        aws.put("rds!db-1", "{\"username\":\"app\",\"password\":\"json \\\"pw\\\"\"}");
        aws.put("/orders/pw", "parameter-pw");
        assertThat(resolved("secretsmanager:orders")).isEqualTo("plain {pw");
        assertThat(resolved("secretsmanager:rds!db-1#password")).isEqualTo("json \"pw\"");
        assertThat(resolved("ssm:/orders/pw")).isEqualTo("parameter-pw");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "secretsmanager:orders           | {\"password\":\"hush\"}  | is a JSON object; say which field",
                "secretsmanager:orders#pw        | {\"password\":\"hush\"}  | no field 'pw'; RDS calls it 'password'",
                "secretsmanager:orders#password  | hush                     | is not a JSON object",
                "secretsmanager:orders#password  | {\"password\": hush}     | is not a JSON object",
                "secretsmanager:orders#password  | {\"password\":[\"hush\"]} | does not have a text in field",
                "secretsmanager:orders#password  | {\"password\":null,\"x\":\"hush\"} | no field 'password'",
                "secretsmanager:orders#password  | {\"password\":\"\",\"x\":\"hush\"} | empty field 'password'",
                "secretsmanager:orders           | binary:hush              | is binary",
                "secretsmanager:orders#password  | binary:hush              | is binary",
                "secretsmanager:orders           | ``                       | is empty",
                "secretsmanager:other            | hush                     | have nothing with this name",
                "ssm:/other                      | hush                     | have nothing with this name",
                "ssm:orders                      | ``                       | is empty"
            })
    void saysWhatIsWrongWithASecretWithoutItsContent(String reference, String content, String problem) {
        aws.put("orders", content);
        Throwable thrown = catchThrowable(() -> resolved(reference));
        assertThat(thrown).isInstanceOf(SecretException.class).hasMessageContaining(problem);
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            assertThat(each.toString()).doesNotContain("hush");
        }
        assertThat(aws.requests()).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secretsmanager:orders | 400 | AccessDeniedException       | grant secretsmanager:GetSecretValue | 1",
                "ssm:orders            | 400 | AccessDeniedException       | grant ssm:GetParameter              | 1",
                "secretsmanager:orders | 400 | ExpiredTokenException       | doesn't accept these credentials    | 1",
                "secretsmanager:orders | 400 | DecryptionFailure           | can't be decrypted                  | 1",
                "secretsmanager:orders | 400 | InvalidRequestException     | marked for deletion                 | 1",
                "secretsmanager:orders | 400 | ThrottlingException         | throttles requests                  | 3",
                "ssm:orders            | 400 | ThrottlingException         | throttles requests                  | 3",
                "secretsmanager:orders | 500 | InternalServiceError        | answers InternalServiceError        | 3"
            })
    void saysWhatAwsAnswersAndTriesAgainOnlyWhatMayPass(
            String reference, int status, String code, String problem, int attempts) {
        aws.refuse(status, code);
        long before = System.nanoTime();
        assertThatThrownBy(() -> resolved(reference))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining(reference)
                .hasMessageContaining(problem)
                .hasMessageNotContaining("the-secret-access-key");
        assertThat(aws.requests()).isEqualTo(attempts);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void anAwsThatSaysNothingIsGivenUpWithinEightSeconds() {
        aws.fallSilent();
        long before = System.nanoTime();
        assertThatThrownBy(() -> resolved("secretsmanager:orders")).hasMessageContaining("no answer in time");
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(8));
    }

    @Test
    void whatIsKnownSurvivesAnOutageOfAnyLengthAndIsNewAfterIt() throws SecretException {
        aws.put("orders", "first");
        assertThat(resolved("secretsmanager:orders")).isEqualTo("first");
        aws.refuse(503, "ServiceUnavailableException");
        int before = aws.requests();
        await().until(() -> resolved("secretsmanager:orders").equals("first") && aws.requests() > before + 6);
        aws.put("orders", "second");
        aws.recover();
        await().until(() -> resolved("secretsmanager:orders").equals("second"));
    }

    @Test
    void closedMeansClosed() {
        secrets.close();
        assertThatThrownBy(() -> resolved("secretsmanager:orders")).hasMessageContaining("closed");
        assertThatThrownBy(() -> resolved("rds-iam")).hasMessageContaining("closed");
        assertThat(aws.requests()).isZero();
    }
}
