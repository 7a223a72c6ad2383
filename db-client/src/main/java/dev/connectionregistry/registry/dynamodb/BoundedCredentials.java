package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** Finds credentials in a bounded time; where there are none, says what to set instead of what all was tried. */
final class BoundedCredentials implements AwsCredentialsProvider {
    private final AwsCredentialsProvider chain;
    private final BoundedLookup lookup;
    private final Optional<String> profile;

    BoundedCredentials(AwsCredentialsProvider chain, BoundedLookup lookup, Optional<String> profile) {
        this.chain = chain;
        this.lookup = lookup;
        this.profile = profile;
    }

    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return lookup.find(chain::resolveCredentials);
        } catch (AbortedException e) {
            throw e;
        } catch (BoundedLookup.TimedOut | SdkException e) {
            String remedy = profile.map(name -> "check that profile '" + name + "' has some, or give another --profile")
                    .orElse("set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --profile; on"
                            + " AWS, give this machine or container a role");
            throw new RegistryException(Kind.DENIED, "no AWS credentials were found: " + remedy, e);
        } catch (RejectedExecutionException e) {
            throw new RegistryException(Kind.INVALID, "the registry is closed", e);
        }
    }
}
