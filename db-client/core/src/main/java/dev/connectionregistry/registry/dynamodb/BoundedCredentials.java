package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Finds credentials within a bounded time; if there are none, says what to set instead of listing everything that was
 * tried. Requests that follow closely use the same ones. Thread-safe.
 */
final class BoundedCredentials implements AwsCredentialsProvider {
    /**
     * For this long after they were found, credentials are used again without asking: the requests of a hold need no
     * other thread then. Every provider of the SDK keeps its own far longer.
     */
    private static final Duration REUSED = Duration.ofSeconds(1);

    private final AwsCredentialsProvider chain;
    private final InterruptibleCalls aside;
    private final Duration bound;
    private final Optional<String> profile;
    private final LongSupplier nanoTime;
    private volatile Optional<Found> last = Optional.empty();

    BoundedCredentials(
            AwsCredentialsProvider chain, InterruptibleCalls aside, Duration bound, Optional<String> profile) {
        this(chain, aside, bound, profile, System::nanoTime);
    }

    BoundedCredentials(
            AwsCredentialsProvider chain,
            InterruptibleCalls aside,
            Duration bound,
            Optional<String> profile,
            LongSupplier nanoTime) {
        this.chain = chain;
        this.aside = aside;
        this.bound = bound;
        this.profile = profile;
        this.nanoTime = nanoTime;
    }

    private record Found(AwsCredentials credentials, long atNanos) {
        private boolean isUsable(long nanos) {
            return nanos - atNanos < REUSED.toNanos()
                    && credentials
                            .expirationTime()
                            .filter(end -> !end.isAfter(Instant.now().plus(REUSED)))
                            .isEmpty();
        }
    }

    @Override
    public AwsCredentials resolveCredentials() {
        Optional<Found> known = last;
        if (known.isPresent() && known.get().isUsable(nanoTime.getAsLong())) {
            return known.get().credentials();
        }
        Found found = new Found(ask(), nanoTime.getAsLong());
        last = Optional.of(found);
        return found.credentials();
    }

    private AwsCredentials ask() {
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
