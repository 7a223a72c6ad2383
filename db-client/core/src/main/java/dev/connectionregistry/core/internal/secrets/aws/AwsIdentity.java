package dev.connectionregistry.core.internal.secrets.aws;

import dev.connectionregistry.secrets.SecretException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** The credentials and the region to use, found when they are first needed. Thread-safe. */
final class AwsIdentity implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration SOCKET = Duration.ofSeconds(2);
    private static final Duration ATTEMPT = Duration.ofMillis(1500);
    private static final Duration CALL = Duration.ofSeconds(4);
    private static final int ATTEMPTS = 3;

    private final AwsPlace place;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by "lock". */
    private @Nullable AwsCredentialsProvider credentials;

    AwsIdentity(AwsPlace place) {
        this.place = place;
    }

    /** The credentials; looked for when they are used, and remembered by the SDK until shortly before they expire. */
    AwsCredentialsProvider credentials() {
        lock.lock();
        try {
            AwsCredentialsProvider known = credentials;
            if (known == null) {
                known = place.profile().isPresent()
                        ? ProfileCredentialsProvider.create(place.profile().get())
                        : DefaultCredentialsProvider.builder().build();
                credentials = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The region; may ask the machine's metadata service, bounded by the SDK.
     *
     * @throws SecretException if none is known
     */
    Region region() throws SecretException {
        if (place.region().isPresent()) {
            return Region.of(place.region().get());
        }
        DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
        place.profile().ifPresent(chain::profileName);
        try {
            return chain.build().getRegion();
        } catch (SdkException e) {
            throw new SecretException(
                    "no AWS region is known: set AWS_REGION"
                            + place.profile()
                                    .map(name -> ", or give profile '" + name + "' a region")
                                    .orElse(""),
                    e);
        }
    }

    /**
     * Configures a client with credentials, region and time-outs: 1 s to connect, 1.5 s for an attempt, 4 s for a call
     * with its three attempts. Always uses the SDK's standard retries, whatever AWS_RETRY_MODE says: with adaptive
     * retries the client would wait for an outage to end.
     */
    <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(B builder, Optional<URI> endpointUrl)
            throws SecretException {
        builder.region(region())
                .credentialsProvider(credentials())
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SOCKET))
                .overrideConfiguration(overrides());
        endpointUrl.ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private ClientOverrideConfiguration overrides() {
        ClientOverrideConfiguration.Builder overrides = ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(ATTEMPT)
                .apiCallTimeout(CALL)
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS)
                        .build())
                .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "connection-registry");
        place.profile().ifPresent(overrides::defaultProfileName);
        return overrides.build();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (credentials instanceof SdkAutoCloseable closeable) {
                closeable.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
