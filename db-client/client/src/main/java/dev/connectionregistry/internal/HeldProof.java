package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.registry.HeldCommitment;
import dev.connectionregistry.settings.DatabaseName;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The secret with which this instance can prove that it is HELD without a report: one for each hold, created when the
 * instance is ready for the hold. Reports contain its digest; only the signal reveals the secret itself.
 * {@link #follow} is for the control thread; everything else is thread-safe.
 */
final class HeldProof {
    private final DatabaseName database;
    private final String instance;
    private final String incarnation;
    private final AtomicReference<@Nullable Made> made = new AtomicReference<>();

    /**
     * One secret.
     *
     * @param published whether a report with its digest is known to be written
     */
    private record Made(String run, CommittedSecret secret, HeldCommitment commitment, boolean published) {
        boolean isFor(String otherRun, long version) {
            return run.equals(otherRun) && commitment.version() == version;
        }

        Made published(boolean now) {
            return new Made(run, secret, commitment, now);
        }
    }

    /** Proofs of {@code instance}, which is {@code service/instance} as in reports. */
    HeldProof(DatabaseName database, String instance, String incarnation) {
        this.database = database;
        this.instance = instance;
        this.incarnation = incarnation;
    }

    /**
     * The instance is ready for the hold that begins with {@code version} of the settings, or is in it; without a
     * version, neither.
     *
     * @return whether that hold differs from the previous one, so that there is a new secret
     */
    boolean follow(@Nullable String run, OptionalLong version) {
        Made before = made.get();
        if (run == null || version.isEmpty()) {
            made.set(null);
            return false;
        }
        boolean another = before == null || !before.isFor(run, version.getAsLong());
        if (another) {
            made.set(make(run, version.getAsLong()));
        }
        return another;
    }

    private Made make(String run, long version) {
        CommittedSecret secret = CommittedSecret.random();
        String digest = secret.heldDigest(database, run, instance, incarnation, version);
        return new Made(run, secret, new HeldCommitment(version, digest), false);
    }

    /** The commitment for the next report. */
    Optional<HeldCommitment> commitment() {
        return Optional.ofNullable(made.get()).map(Made::commitment);
    }

    /** A report with this commitment was written. */
    void written(Optional<HeldCommitment> commitment) {
        published(commitment, true);
    }

    /** The signal couldn't be given, so a report must carry the news. */
    void untold() {
        published(commitment(), false);
    }

    private void published(Optional<HeldCommitment> commitment, boolean now) {
        made.getAndUpdate(current -> current == null
                        || !commitment.filter(current.commitment()::equals).isPresent()
                ? current
                : current.published(now));
    }

    /**
     * The session name that reveals the secret for the hold of that version, if the coordinator can know its digest.
     */
    Optional<String> revealedBy(String run, long version) {
        return Optional.ofNullable(made.get())
                .filter(current -> current.published() && current.isFor(run, version))
                .map(current -> HeldSignal.applicationName(
                        current.secret(), current.commitment().digest()));
    }

    /** Whether there is a proof whose digest the coordinator can know. */
    boolean isPublished() {
        Made current = made.get();
        return current != null && current.published();
    }
}
