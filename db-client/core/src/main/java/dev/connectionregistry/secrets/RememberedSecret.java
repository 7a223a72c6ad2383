package dev.connectionregistry.secrets;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What is known about one password, and when to ask for it again; see {@link CachedSecrets}. Thread-safe. */
final class RememberedSecret {
    private static final Logger LOG = CleanLogger.of(CachedSecrets.class);

    private final SecretRef reference;
    private final Function<SecretRequest, CompletableFuture<Secret>> reader;
    private final CachedSecrets.Times times;
    private final LongSupplier nanoTime;
    private final DoubleSupplier chance;

    /** Held only for moments: no thread waits for an answer while holding it. */
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by "lock", as are all fields below. */
    private @Nullable Secret known;

    private long knownSince;
    private @Nullable CompletableFuture<Secret> reading;
    private @Nullable CompletableFuture<Secret> failed;
    private long notBefore;
    private int inVain;

    RememberedSecret(
            SecretRef reference,
            Function<SecretRequest, CompletableFuture<Secret>> reader,
            CachedSecrets.Times times,
            LongSupplier nanoTime,
            DoubleSupplier chance) {
        this.reference = reference;
        this.reader = reader;
        this.times = times;
        this.nanoTime = nanoTime;
        this.chance = chance;
        this.notBefore = nanoTime.getAsLong();
    }

    /** Returns a known password at once; waits for an unknown one, within the bound. */
    Secret get(SecretRequest request) throws SecretException {
        CompletableFuture<Secret> answer;
        lock.lock();
        try {
            Secret present = known;
            if (present != null) {
                refreshIfStale(request);
                return present;
            }
            answer = readIfDue(request);
            if (answer == null) {
                answer = failed; // the last read failed a moment ago, and it is too early for another
            }
        } finally {
            lock.unlock();
        }
        if (answer == null) {
            throw new AssertionError(reference + " is neither known, nor being read, nor was it read in vain");
        }
        return SecretReads.await(answer, times.patience(), request);
    }

    /**
     * Returns a password other than the refused one, if there is one; asks for it unless that was done a moment ago.
     */
    Optional<Secret> renewed(SecretRequest request, Secret refused) {
        CompletableFuture<Secret> answer;
        lock.lock();
        try {
            if (known != null && !known.isSameAs(refused)) {
                return Optional.of(known);
            }
            answer = readIfDue(request);
        } finally {
            lock.unlock();
        }
        if (answer == null) {
            return Optional.empty();
        }
        try {
            Secret now = SecretReads.await(answer, times.patience(), request);
            return now.isSameAs(refused) ? Optional.empty() : Optional.of(now);
        } catch (SecretException e) {
            LOG.debug("{} was refused by the server and can't be read again: {}", reference, e.getMessage());
            return Optional.empty(); // the server's refusal says more than this
        }
    }

    /** The caller holds the lock. Doesn't wait for the answer. */
    private void refreshIfStale(SecretRequest request) {
        if (nanoTime.getAsLong() - knownSince >= times.fresh().toNanos()) {
            CompletableFuture<Secret> unused = readIfDue(request);
        }
    }

    /** The caller holds the lock. Returns the pending answer, or asks for one; null if it is too early to ask again. */
    private @Nullable CompletableFuture<Secret> readIfDue(SecretRequest request) {
        if (reading != null || nanoTime.getAsLong() - notBefore < 0) {
            return reading;
        }
        CompletableFuture<Secret> answer = reader.apply(request).whenComplete(this::ended);
        reading = answer.isDone() ? null : answer; // an answer that is already done was handled under this lock
        return answer;
    }

    private void ended(@Nullable Secret secret, @Nullable Throwable failure) {
        lock.lock();
        try {
            reading = null;
            if (secret == null) {
                fail(Objects.requireNonNull(failure));
            } else {
                remember(secret);
            }
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable failure) {
        boolean begins = failed == null;
        failed = CompletableFuture.failedFuture(failure);
        postpone();
        String cause = failure instanceof SecretException
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getName();
        if (known == null || !begins) {
            LOG.debug("{} can't be read: {}", reference, cause);
        } else {
            Duration age = Duration.ofNanos(nanoTime.getAsLong() - knownSince);
            LOG.warn("{} can't be read: {} (still using what was read {} s ago)", reference, cause, age.toSeconds());
        }
    }

    private void remember(Secret secret) {
        Secret before = known;
        long now = nanoTime.getAsLong();
        boolean news = before != null && !before.isSameAs(secret);
        if (before != null && failed != null) {
            LOG.info("{} can be read again", reference);
        }
        if (news) {
            LOG.info("{} has another value than before", reference);
        }
        if (news || before == null || now - notBefore > times.longest().toNanos()) {
            inVain = 0;
            notBefore = now; // if the server refuses this new password, it may be read again at once
        } else {
            postpone();
        }
        known = secret;
        knownSince = now;
        failed = null;
    }

    /**
     * Sets the earliest time of the next read; a random part keeps the instances of a fleet from asking at the same
     * time.
     */
    private void postpone() {
        long first = times.again().toNanos();
        long wait = Math.min(first << Math.min(inVain, 30), times.longest().toNanos());
        notBefore = nanoTime.getAsLong() + (long) (wait * (1 + chance.getAsDouble() / 2));
        inVain++;
    }
}
