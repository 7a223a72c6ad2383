package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * Translates what the AWS SDK throws into {@link RegistryException}: what was tried, where, what went wrong, what to do
 * next. The only place that classifies these failures. Neither a message nor its cause contains a credential.
 */
final class DynamoDbErrors {
    private static final Set<String> BAD_CREDENTIALS = Set.of(
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "IncompleteSignatureException",
            "MissingAuthenticationTokenException",
            "MissingAuthenticationToken",
            "OptInRequired");
    private static final Set<String> EXPIRED = Set.of("ExpiredTokenException", "ExpiredToken", "RequestExpired");
    private static final Set<String> NO_RIGHT =
            Set.of("AccessDeniedException", "AccessDenied", "NotAuthorized", "KMSAccessDeniedException");

    private final String place;
    private final String table;
    private final String region;

    DynamoDbErrors(String table, String region, String address) {
        this.table = table;
        this.region = region;
        this.place = "table '" + table + "' in " + region + address;
    }

    /**
     * The exception for {@code failure}, which ended {@code doing} (such as {@code reading the settings of 'orders'}).
     */
    RegistryException translate(String doing, RuntimeException failure) {
        RegistryException own = find(failure, RegistryException.class);
        if (own != null) {
            return own;
        }
        if (failure instanceof InvalidSettingsException) {
            return new RegistryException(Kind.INVALID, sentence(doing, String.valueOf(failure.getMessage())), failure);
        }
        if (failure instanceof AwsServiceException answer) {
            return answered(doing, answer);
        }
        return unanswered(doing, failure);
    }

    private RegistryException answered(String doing, AwsServiceException answer) {
        String code = code(answer);
        if (answer instanceof ResourceNotFoundException) {
            return new RegistryException(
                    Kind.TABLE_MISSING,
                    "table '" + table + "' does not exist in " + region
                            + ": run 'registry-admin init', or name another with --table or "
                            + TableLocation.TABLE_VARIABLE,
                    answer);
        }
        if (EXPIRED.contains(code)) {
            return new RegistryException(
                    Kind.DENIED,
                    sentence(doing, "the AWS credentials have expired: renew them, such as with 'aws sso login'"),
                    null);
        }
        if (BAD_CREDENTIALS.contains(code)) {
            // Some of these answers repeat the signed request, including the session token: use neither text nor cause.
            return new RegistryException(
                    Kind.DENIED,
                    sentence(
                            doing,
                            "AWS does not accept the credentials (" + code
                                    + "): check AWS_PROFILE or AWS_ACCESS_KEY_ID with 'aws sts get-caller-identity',"
                                    + " and this machine's clock"),
                    null);
        }
        if (NO_RIGHT.contains(code)) {
            return new RegistryException(
                    Kind.DENIED,
                    sentence(
                            doing,
                            "a right is missing: " + text(answer)
                                    + "; grant it to this role ('registry-admin doctor' tries them all)"),
                    answer);
        }
        if (answer instanceof TransactionCanceledException canceled) {
            return canceled(doing, canceled);
        }
        if (answer.isThrottlingException() || code.equals("RequestLimitExceeded")) {
            return new RegistryException(
                    Kind.THROTTLED,
                    sentence(
                            doing,
                            "DynamoDB throttles calls (" + code
                                    + "): try again; if it continues, raise the table's capacity or the poll interval"),
                    answer);
        }
        if (answer.statusCode() >= 500) {
            return new RegistryException(
                    Kind.UNREACHABLE,
                    sentence(doing, "DynamoDB itself failed (" + answer.statusCode() + " " + code + "): try again"),
                    answer);
        }
        return new RegistryException(Kind.INVALID, sentence(doing, code + ": " + text(answer)), answer);
    }

    private RegistryException canceled(String doing, TransactionCanceledException canceled) {
        for (CancellationReason reason : canceled.cancellationReasons()) {
            String code = String.valueOf(reason.code());
            if (code.equals("ThrottlingError") || code.equals("ProvisionedThroughputExceeded")) {
                return new RegistryException(
                        Kind.THROTTLED, sentence(doing, "DynamoDB asks for fewer calls: try again"), canceled);
            } else if (code.equals("TransactionConflict")) {
                return new RegistryException(
                        Kind.THROTTLED,
                        sentence(doing, "other writes to it are under way; nothing was changed, try again"),
                        canceled);
            } else if (!code.equals("None")) {
                return new RegistryException(Kind.INVALID, sentence(doing, code + ": " + reason.message()), canceled);
            }
        }
        return new RegistryException(Kind.INVALID, sentence(doing, text(canceled)), canceled);
    }

    private RegistryException unanswered(String doing, RuntimeException failure) {
        Kind kind = Kind.UNREACHABLE;
        String problem;
        if (find(failure, RejectedExecutionException.class) != null) {
            return new RegistryException(Kind.INVALID, sentence(doing, "the registry is closed"), failure);
        }
        UnknownHostException unknownHost = find(failure, UnknownHostException.class);
        if (find(failure, AbortedException.class) != null || find(failure, InterruptedException.class) != null) {
            problem = "the thread was interrupted";
        } else if (unknownHost != null) {
            problem = "the host name '" + unknownHost.getMessage()
                    + "' is not known: check the region, the endpoint and this machine's DNS";
        } else if (find(failure, ConnectException.class) != null
                || find(failure, NoRouteToHostException.class) != null) {
            problem = "the connection was refused: check the region, the endpoint and the network";
        } else if (find(failure, SSLException.class) != null) {
            problem = "no TLS connection could be made: check the endpoint, proxies and trusted certificates";
        } else if (find(failure, ApiCallTimeoutException.class) != null
                || find(failure, ApiCallAttemptTimeoutException.class) != null
                || find(failure, SocketTimeoutException.class) != null) {
            problem = "no answer in time: check the region, the endpoint and the network, then try again";
        } else if (find(failure, IOException.class) != null) {
            problem = "the connection broke (" + rootMessage(failure) + "): try again";
        } else {
            kind = Kind.INVALID;
            problem = rootMessage(failure);
        }
        return new RegistryException(kind, sentence(doing, problem), failure);
    }

    /** {@code reading the settings of 'orders' in table 'x' in eu-west-1 failed: problem}. */
    String sentence(String doing, String problem) {
        return doing + " (" + place + ") failed: " + problem;
    }

    /**
     * Whether a request with this failure was certainly not executed: the answer was a refusal, or the request was
     * never sent. Only true for a single attempt, since the first of two may have arrived.
     */
    static boolean certainlyNotDone(RuntimeException failure) {
        if (find(failure, RegistryException.class) != null) {
            return true;
        }
        if (failure instanceof TransactionInProgressException
                || !(failure instanceof SdkException sdk)
                || sdk.numAttempts() == null
                || sdk.numAttempts() != 1) {
            return false;
        }
        return failure instanceof AwsServiceException answer
                ? answer.statusCode() >= 400 && answer.statusCode() < 500
                : find(failure, UnknownHostException.class) != null || find(failure, ConnectException.class) != null;
    }

    /** Whether there are no usable credentials at all, as opposed to a missing right. */
    static boolean isAboutCredentials(RegistryException problem) {
        return problem.kind() == Kind.DENIED && !(problem.getCause() instanceof AwsServiceException);
    }

    private static String code(AwsServiceException answer) {
        return answer.awsErrorDetails() == null
                ? ""
                : String.valueOf(answer.awsErrorDetails().errorCode());
    }

    private static String text(AwsServiceException answer) {
        return answer.awsErrorDetails() == null
                ? "no reason was given"
                : String.valueOf(answer.awsErrorDetails().errorMessage());
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; depth < 20 && root.getCause() != null; depth++) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        Throwable each = failure;
        for (int depth = 0; depth < 20 && each != null; depth++) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
            each = each.getCause();
        }
        return null;
    }
}
