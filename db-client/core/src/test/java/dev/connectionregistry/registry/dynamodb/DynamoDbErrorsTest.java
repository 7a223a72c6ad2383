package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

final class DynamoDbErrorsTest {
    private static final String TOKEN = "FwoGZXIvYXdzEXAMPLETOKEN";

    private final DynamoDbErrors failures = new DynamoDbErrors("registry", "eu-west-1", "");

    private static DynamoDbException answer(String code, int status, String message) {
        return (DynamoDbException) DynamoDbException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .statusCode(status)
                .numAttempts(1)
                .message(message)
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "AccessDeniedException, 400, DENIED, registry-admin doctor",
        "UnrecognizedClientException, 400, DENIED, AWS_ACCESS_KEY_ID",
        "InvalidSignatureException, 400, DENIED, clock",
        "ExpiredTokenException, 400, DENIED, expired",
        "ProvisionedThroughputExceededException, 400, THROTTLED, try again",
        "ThrottlingException, 400, THROTTLED, try again",
        "RequestLimitExceeded, 400, THROTTLED, try again",
        "InternalServerError, 500, UNREACHABLE, try again",
        "ServiceUnavailable, 503, UNREACHABLE, try again",
        "ValidationException, 400, INVALID, no good",
    })
    void eachAnswerHasItsKindAndRemedy(String code, int status, Kind kind, String remedy) {
        RegistryException problem = failures.translate("reading", answer(code, status, "no good"));
        assertThat(problem.kind()).isEqualTo(kind);
        assertThat(problem)
                .hasMessageContaining(remedy)
                .hasMessageContaining("reading")
                .hasMessageContaining("table 'registry' in eu-west-1");
    }

    @ParameterizedTest
    @CsvSource({"InvalidSignatureException", "UnrecognizedClientException", "ExpiredTokenException"})
    void whatTheServiceRepeatsOfASignedRequestIsNotRepeated(String code) {
        RegistryException problem = failures.translate(
                "reading", answer(code, 400, "The Canonical String should have been x-amz-security-token:" + TOKEN));
        for (Throwable each = problem; each != null; each = each.getCause()) {
            assertThat(String.valueOf(each)).doesNotContain(TOKEN);
        }
    }

    @Test
    void theMissingRightIsNamed() {
        assertThat(failures.translate(
                        "reading",
                        answer(
                                "AccessDeniedException",
                                400,
                                "User: arn:aws:iam::1:user/a is not authorized to perform: dynamodb:GetItem")))
                .hasMessageContaining("dynamodb:GetItem");
    }

    @Test
    void whatHasNoAnswerIsUnreachable() {
        assertUnreachable(new SocketTimeoutException("Read timed out"), "no answer in time");
        assertUnreachable(new SSLHandshakeException("bad certificate"), "TLS");
        assertUnreachable(new IOException("Broken pipe"), "Broken pipe");
    }

    private void assertUnreachable(Exception cause, String text) {
        RegistryException problem = failures.translate("reading", SdkClientException.create("x", cause));
        assertThat(problem.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(problem).hasMessageContaining(text);
    }

    @Test
    void aCanceledTransactionHasItsReasonsKind() {
        assertThat(canceled("TransactionConflict").kind()).isEqualTo(Kind.THROTTLED);
        assertThat(canceled("ThrottlingError").kind()).isEqualTo(Kind.THROTTLED);
        assertThat(canceled("ItemCollectionSizeLimitExceeded").kind()).isEqualTo(Kind.INVALID);
    }

    private RegistryException canceled(String reason) {
        return failures.translate(
                "writing",
                TransactionCanceledException.builder()
                        .cancellationReasons(
                                CancellationReason.builder().code("None").build(),
                                CancellationReason.builder().code(reason).build())
                        .build());
    }

    @Test
    void onlyARefusalOfTheOnlyAttemptIsCertainlyNotDone() {
        assertThat(DynamoDbErrors.certainlyNotDone(answer("AccessDeniedException", 400, "")))
                .isTrue();
        assertThat(DynamoDbErrors.certainlyNotDone(answer("AccessDeniedException", 400, "").toBuilder()
                        .numAttempts(2)
                        .build()))
                .isFalse();
        assertThat(DynamoDbErrors.certainlyNotDone(answer("InternalServerError", 500, "")))
                .isFalse();
        assertThat(DynamoDbErrors.certainlyNotDone(TransactionInProgressException.builder()
                        .statusCode(400)
                        .numAttempts(1)
                        .build()))
                .isFalse();
        assertThat(DynamoDbErrors.certainlyNotDone(SdkClientException.create("x", new SocketTimeoutException())))
                .isFalse();
    }
}
