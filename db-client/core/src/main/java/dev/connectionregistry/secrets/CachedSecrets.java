package dev.connectionregistry.secrets;

import dev.connectionregistry.core.internal.util.RecentlyUsed;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Remembers what a slow resolver finds. For resolvers whose answer depends only on the reference.
 *
 * <ul>
 *   <li>The first time, the caller waits for the password, within a bound.
 *   <li>A password older than {@link Times#fresh} is still returned at once, while it is read again in the background.
 *   <li>A known password stays known: if the place that stores it is unavailable, connections can still be opened.
 *   <li>A password that the server refused is read again at once, while the caller waits. Reads that fail or bring
 *       nothing new are repeated after {@link Times#again} at the earliest, then after twice as long each time, up to
 *       {@link Times#longest}, so that a wrong password doesn't cause a storm of requests.
 * </ul>
 *
 * Thread-safe. The caller must {@link #close} it; after that it only returns passwords that it already knows.
 */
public final class CachedSecrets implements SecretResolver, AutoCloseable {
    /** Many more references than a process's data sources use. */
    private static final int REMEMBERED = 1_000;

    private final SecretResolver resolver;
    private final Times times;
    private final LongSupplier nanoTime;
    private final DoubleSupplier chance;
    private final SecretReads reads = new SecretReads();
    private final RecentlyUsed<SecretRef, Optional<RememberedSecret>> remembered =
            new RecentlyUsed<>(REMEMBERED, Optional.empty());

    /**
     * How often to read, and how long to wait.
     *
     * @param fresh how long a password doesn't need to be read again
     * @param patience how long a caller waits for a password that isn't known yet, or that was refused
     * @param again the shortest time before a read that brought nothing new is repeated
     * @param longest the longest such time
     */
    public record Times(Duration fresh, Duration patience, Duration again, Duration longest) {
        /** Five minutes, 8 s, 1 s and one minute. */
        public static final Times DEFAULT =
                new Times(Duration.ofMinutes(5), Duration.ofSeconds(8), Duration.ofSeconds(1), Duration.ofMinutes(1));
    }

    /** Remembers what {@code resolver} finds, with {@link Times#DEFAULT}. */
    public CachedSecrets(SecretResolver resolver) {
        this(resolver, Times.DEFAULT);
    }

    /** Remembers what {@code resolver} finds. */
    public CachedSecrets(SecretResolver resolver, Times times) {
        this(resolver, times, System::nanoTime, () -> ThreadLocalRandom.current()
                .nextDouble());
    }

    /** Uses another clock and another source of random numbers between 0 and 1; for tests. */
    CachedSecrets(SecretResolver resolver, Times times, LongSupplier nanoTime, DoubleSupplier chance) {
        this.resolver = resolver;
        this.times = times;
        this.nanoTime = nanoTime;
        this.chance = chance;
    }

    @Override
    public String scheme() {
        return resolver.scheme();
    }

    @Override
    public Secret resolve(SecretRequest request) throws SecretException {
        return of(request).get(request);
    }

    @Override
    public Optional<Secret> renewed(SecretRequest request, Secret refused) throws SecretException {
        return of(request).renewed(request, refused);
    }

    private RememberedSecret of(SecretRequest request) {
        SecretRef reference = request.reference();
        return remembered
                .update(reference, known -> known.isPresent() ? known : Optional.of(remember(reference)))
                .orElseThrow();
    }

    private RememberedSecret remember(SecretRef reference) {
        return new RememberedSecret(reference, asked -> reads.begin(resolver, asked), times, nanoTime, chance);
    }

    /** Ends its threads. Idempotent. */
    @Override
    public void close() {
        reads.close();
    }
}
