package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** Creates DynamoDB clients whose calls all end soon, even if the network or the search for credentials hangs. */
final class DynamoDbClients {
    private static final int ATTEMPTS = 3;

    private DynamoDbClients() {}

    /**
     * How long to wait.
     *
     * @param connect for a TCP connection
     * @param socket for the next bytes of an answer
     * @param attempt for one attempt
     * @param call for one call with all its attempts
     * @param lookup for finding a region or credentials
     */
    record Timeouts(Duration connect, Duration socket, Duration attempt, Duration call, Duration lookup) {
        static final Timeouts DEFAULT = new Timeouts(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofMillis(1500),
                Duration.ofSeconds(4),
                Duration.ofSeconds(3));
    }

    /** A client and what must be closed with it. */
    record Owned(DynamoDbClient client, InterruptibleCalls lookups) implements AutoCloseable {
        @Override
        public void close() {
            client.close();
            lookups.close();
        }
    }

    static Owned open(TableLocation location) {
        return open(location, Timeouts.DEFAULT);
    }

    /**
     * A client for {@code location}. Makes no call to the table.
     *
     * @throws RegistryException if no region is known
     */
    static Owned open(TableLocation location, Timeouts timeouts) {
        return open(location, timeouts, chain(location));
    }

    /** As {@link #open(TableLocation)}, with the caller's credentials. */
    static Owned open(TableLocation location, AwsCredentialsProvider credentials) {
        return open(location, Timeouts.DEFAULT, () -> credentials);
    }

    /** Finds credentials the way every AWS program does; doesn't look for any until a region is known. */
    private static Supplier<AwsCredentialsProvider> chain(TableLocation location) {
        // A profile that is named takes precedence over environment variables: otherwise another account might be used.
        return () -> location.profile().isPresent()
                ? ProfileCredentialsProvider.create(location.profile().get())
                : DefaultCredentialsProvider.builder().build();
    }

    private static Owned open(TableLocation location, Timeouts timeouts, Supplier<AwsCredentialsProvider> credentials) {
        InterruptibleCalls lookups = new InterruptibleCalls("registry-aws-lookup");
        try {
            Region region = region(location, lookups, timeouts.lookup());
            return new Owned(build(location, region, timeouts, lookups, credentials.get()), lookups);
        } catch (RuntimeException e) {
            lookups.close();
            if (e instanceof RegistryException) {
                throw e;
            }
            throw new RegistryException(
                    Kind.INVALID, "the AWS configuration can't be used: " + e.getMessage() + "; fix it", e);
        }
    }

    private static DynamoDbClient build(
            TableLocation location,
            Region region,
            Timeouts timeouts,
            InterruptibleCalls lookups,
            AwsCredentialsProvider credentials) {
        DynamoDbClientBuilder builder = DynamoDbClient.builder()
                .region(region)
                .credentialsProvider(
                        new BoundedCredentials(credentials, lookups, timeouts.lookup(), location.profile()))
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(timeouts.connect())
                        .socketTimeout(timeouts.socket())
                        .build())
                .overrideConfiguration(override -> override.apiCallAttemptTimeout(timeouts.attempt())
                        .apiCallTimeout(timeouts.call())
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                .build())
                        .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "connection-registry"));
        location.endpointUrl().ifPresent(builder::endpointOverride);
        location.profile()
                .ifPresent(profile -> builder.overrideConfiguration(builder.overrideConfiguration().toBuilder()
                        .defaultProfileName(profile)
                        .build()));
        return builder.build();
    }

    private static Region region(TableLocation location, InterruptibleCalls lookups, Duration bound) {
        if (location.region().isPresent()) {
            return Region.of(location.region().get());
        }
        DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
        location.profile().ifPresent(chain::profileName);
        try {
            return lookups.run(() -> chain.build().getRegion(), bound);
        } catch (InterruptibleCalls.TimedOut | SdkException e) {
            throw new RegistryException(Kind.INVALID, noRegion(location.profile()), e);
        }
    }

    private static String noRegion(Optional<String> profile) {
        return "no AWS region is known: set AWS_REGION or give --region"
                + profile.map(name -> ", or give profile '" + name + "' a region")
                        .orElse("");
    }
}
