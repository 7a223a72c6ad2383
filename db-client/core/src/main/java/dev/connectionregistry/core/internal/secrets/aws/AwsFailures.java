package dev.connectionregistry.core.internal.secrets.aws;

import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.settings.SecretRef;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** Translates the SDK's failures into our words: which reference, what AWS says, what to do. Pure. */
final class AwsFailures {
    private AwsFailures() {}

    static SecretException of(SecretRef reference, SdkException failure) {
        return new SecretException(reference + ": " + text(reference, failure), failure);
    }

    private static String text(SecretRef reference, SdkException failure) {
        if (failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException) {
            return "AWS gave no answer in time; check the network, and the proxy if there is one";
        }
        if (failure instanceof AwsServiceException refusal && refusal.awsErrorDetails() != null) {
            return ofService(reference, refusal);
        }
        String message = String.valueOf(failure.getMessage());
        if (message.contains("Unable to load credentials")
                || message.contains("Profile file contained no credentials")) {
            return "no AWS credentials were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; on AWS,"
                    + " give this machine or container a role";
        }
        return "AWS can't be reached: " + message + "; check the network, the region and AWS_ENDPOINT_URL";
    }

    private static String ofService(SecretRef reference, AwsServiceException refusal) {
        String code = String.valueOf(refusal.awsErrorDetails().errorCode());
        return switch (code) {
            case "ResourceNotFoundException", "ParameterNotFound" ->
                "this account and region have nothing with this name; correct the name or the region";
            case "ParameterVersionNotFound" -> "this version or label does not exist";
            case "AccessDeniedException", "AccessDenied" ->
                "AWS refuses it (" + code + ": " + refusal.awsErrorDetails().errorMessage() + "); grant "
                        + action(reference) + ", and kms:Decrypt if it has its own key";
            case "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "ExpiredTokenException",
                    "ExpiredToken",
                    "InvalidSignatureException",
                    "IncompleteSignature" ->
                "AWS doesn't accept these credentials (" + code + "); renew them, such as with 'aws sso login'";
            case "DecryptionFailure", "InvalidKeyId", "KMSAccessDeniedException" ->
                "it can't be decrypted (" + code + "); grant kms:Decrypt on its key";
            case "InvalidRequestException" ->
                "it can't be read now (" + code + "): it is marked for deletion, or has no value yet";
            case "ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded" ->
                "AWS throttles requests (" + code + "); it is asked again later";
            default -> "AWS answers " + code + " (HTTP " + refusal.statusCode() + ")";
        };
    }

    private static String action(SecretRef reference) {
        return reference.scheme().equals("ssm") ? "ssm:GetParameter" : "secretsmanager:GetSecretValue";
    }
}
