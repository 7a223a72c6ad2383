package dev.connectionregistry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** What must be gone when a data source is. */
public final class Leftovers {
    private Leftovers() {}

    /** Waits until no thread of ours or of Hikari's is left. */
    public static void awaitNoThreads() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("connection-registry-") || name.contains("-gen-")));
    }
}
