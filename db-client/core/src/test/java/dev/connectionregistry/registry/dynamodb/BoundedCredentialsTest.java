package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

class BoundedCredentialsTest {
    private static final Duration ALMOST_A_SECOND = Duration.ofMillis(999);

    private final InterruptibleCalls aside = new InterruptibleCalls("lookup");
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void close() {
        aside.close();
    }

    @Test
    void areAskedForOnceByRequestsThatFollowClosely() {
        BoundedCredentials credentials = lasting(Duration.ofHours(1));
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("key-1");
        now.addAndGet(ALMOST_A_SECOND.toNanos());
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("key-1");
        now.addAndGet(ALMOST_A_SECOND.toNanos());
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("key-2");
    }

    @Test
    void areAskedForAgainIfTheyAreAboutToExpire() {
        BoundedCredentials credentials = lasting(ALMOST_A_SECOND);
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("key-1");
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("key-2");
    }

    private BoundedCredentials lasting(Duration validity) {
        return new BoundedCredentials(
                () -> credentials(validity), aside, Duration.ofSeconds(5), Optional.empty(), now::get);
    }

    private AwsCredentials credentials(Duration validity) {
        return AwsSessionCredentials.builder()
                .accessKeyId("key-" + asked.incrementAndGet())
                .secretAccessKey("secret")
                .sessionToken("token")
                .expirationTime(Instant.now().plus(validity))
                .build();
    }
}
