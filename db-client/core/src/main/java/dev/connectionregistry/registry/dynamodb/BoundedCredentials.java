package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Finds credentials within a bounded time; if there are none, says what to set instead of listing everything that was
 * tried.
 */
final class BoundedCredentials implements AwsCredentialsProvider {
    private final AwsCredentialsProvider chain;
    private final InterruptibleCalls aside;
    private final Duration bound;
    private final Optional<String> profile;

    BoundedCredentials(
            AwsCredentialsProvider chain, InterruptibleCalls aside, Duration bound, Optional<String> profile) {
        this.chain = chain;
        this.aside = aside;
        this.bound = bound;
        this.profile = profile;
    }

    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return aside.run(chain::resolveCredentials, bound);
        } catch (AbortedException e) {
            throw e;
        } catch (InterruptibleCalls.TimedOut | SdkException e) {
            String remedy = profile.map(
                            name -> "check profile '" + name + "', or give another --profile (" + e.getMessage() + ")")
                    .orElse("set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --profile; on"
                            + " AWS, give this machine or container a role");
            throw new RegistryException(Kind.DENIED, "no AWS credentials were found: " + remedy, e);
        }
    }
}
