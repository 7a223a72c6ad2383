package dev.connectionregistry.secrets;

import dev.connectionregistry.core.internal.util.RecentlyUsed;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Remembers what a slow resolver finds, for resolvers whose answer depends on the reference alone.
 *
 * <ul>
 *   <li>The first time the caller waits for it, within a bound.
 *   <li>What is older than {@link Times#fresh} is still given out at once, while it is read again in the background.
 *   <li>What is known stays known: an outage of where passwords are kept keeps nobody from opening further connections.
 *   <li>What the server has refused is read again at once, while one waits. Reads that failed or brought nothing new are
 *       repeated after {@link Times#again} at the earliest, then after twice as long each time, up to {@link Times#longest}: a
 *       wrong password doesn't turn into a storm of questions.
 * </ul>
 *
 * Thread-safe. Its maker must {@link #close} it, after which it gives out nothing that it doesn't know.
 */
public final class CachedSecrets implements SecretResolver, AutoCloseable {
    /** Many more references than the data sources of a process use. */
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
     * @param fresh how long what was read needs no other look
     * @param patience how long somebody waits who needs a password that isn't known yet, or that was refused
     * @param again how soon a read that brought nothing new is repeated at the earliest
     * @param longest the most that this grows to
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

    /** On another clock, with another chance between 0 and 1; for tests. */
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
