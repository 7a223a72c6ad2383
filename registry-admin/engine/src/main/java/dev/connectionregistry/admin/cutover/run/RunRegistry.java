package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.settings.Authorship;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/**
 * The registry as one run sees it: its lock, and the settings that it writes under the lock. For the coordinator's thread. Every
 * method may throw {@link RegistryException}.
 */
public final class RunRegistry {
    private final RegistryAdministration settings;
    private final CutoverRegistry cutovers;
    private final Authorship authorship;
    private final RunSpec spec;
    private Optional<CutoverLock> held = Optional.empty();
    private Optional<CutoverLock> attempted = Optional.empty();
    private Optional<VersionedSettings> current = Optional.empty();

    /** Without the lock. */
    public RunRegistry(RegistryAdministration settings, CutoverRegistry cutovers, Authorship authorship, RunSpec spec) {
        this.settings = settings;
        this.cutovers = cutovers;
        this.authorship = authorship;
        this.spec = spec;
    }

    private DatabaseName database() {
        return spec.database();
    }

    /**
     * Writes the next epoch. Safe to repeat after an answer was lost.
     *
     * @param takesOver whether an earlier coordinator of this run may have the lock
     * @throws StepFailure {@code LOCK_LOST} if another coordinator took it from us; {@code FAILED} if it was never ours
     */
    public CutoverLock take(boolean takesOver) throws StepFailure {
        Optional<CutoverLock> stands = cutovers.lock(database());
        if (attempted.isPresent() && isSame(attempted, stands)) {
            return taken(attempted.get());
        }
        requireFree(stands, takesOver);
        CutoverLock next = next(stands, true);
        if (!cutovers.writeLock(next)) {
            throw held.isPresent()
                    ? lost(cutovers.lock(database()))
                    : StepFailure.failed("somebody else took the lock of '" + database() + "' in this moment");
        }
        return taken(next);
    }

    private CutoverLock taken(CutoverLock lock) {
        held = Optional.of(lock);
        attempted = Optional.empty();
        return lock;
    }

    private void requireFree(Optional<CutoverLock> stands, boolean takesOver) throws StepFailure {
        if (held.isPresent()) {
            if (!isSame(held, stands)) {
                throw lost(stands);
            }
            return;
        }
        boolean taken = stands.filter(CutoverLock::held).isPresent();
        boolean ours = stands.filter(lock -> lock.runId().equals(spec.id())).isPresent();
        if (taken && !(takesOver && ours)) {
            throw StepFailure.failed("cutover " + stands.get().runId() + " has the lock of '" + database()
                    + "', taken by " + stands.get().by() + " at " + stands.get().at() + " (epoch "
                    + stands.get().epoch() + ")");
        }
    }

    private static boolean isSame(Optional<CutoverLock> one, Optional<CutoverLock> other) {
        return one.map(CutoverLock::token).equals(other.map(CutoverLock::token));
    }

    private static StepFailure lost(Optional<CutoverLock> actual) {
        return new StepFailure(
                Kind.LOCK_LOST,
                actual.map(lock -> lock.by() + " took the lock at " + lock.at() + " (epoch " + lock.epoch()
                                + ", cutover " + lock.runId() + ")")
                        .orElse("somebody deleted the lock"));
    }

    /** The next epoch; the same document again if it was tried already, so that the registry knows it for the same write. */
    private CutoverLock next(Optional<CutoverLock> stands, boolean keep) {
        long epoch = stands.map(CutoverLock::epoch).orElse(0L) + 1;
        Optional<CutoverLock> again = attempted.filter(lock -> lock.epoch() == epoch && lock.held() == keep);
        CutoverLock next = again.orElseGet(() -> {
            Change change = authorship.sign("");
            return new CutoverLock(
                    database(), epoch, spec.id(), keep, UUID.randomUUID().toString(), change.by(), change.at());
        });
        attempted = Optional.of(next);
        return next;
    }

    /** Gives the lock back; says whether it was still ours. Safe to repeat after an answer was lost. */
    public boolean release() {
        if (held.isEmpty()) {
            return true;
        }
        CutoverLock next = next(held, false);
        boolean released = cutovers.writeLock(next);
        held = Optional.empty();
        attempted = Optional.empty();
        return released;
    }

    /** The lock, if it is ours as far as we know. */
    public Optional<CutoverLock> held() {
        return held;
    }

    /** What the run's coordinators wrote down last; final once the lock is ours. */
    public Optional<RunRecord> journal() {
        return cutovers.journal(database(), spec.id()).map(each -> RunRecordCodec.record(each, database(), spec.id()));
    }

    /** Reads the current item; settings that were found are {@link #current} then. */
    public ReadResult look() {
        ReadResult result = settings.read(database()).answered();
        current = result.current().or(() -> current);
        return result;
    }

    /**
     * Sees that the lock is still ours. Called after a look, it says that nobody but us can have written under the lock until
     * then.
     *
     * @throws StepFailure {@code LOCK_LOST} if another coordinator has it
     */
    public void requireLock() throws StepFailure {
        Optional<CutoverLock> stands = cutovers.lock(database());
        if (!isSame(held, stands)) {
            throw lost(stands);
        }
    }

    /** The settings as last read or written by this run. */
    public VersionedSettings current() {
        return current.orElseThrow(() -> new IllegalStateException("nothing was read yet"));
    }

    /** The newest version that was read or written; empty if there was none. */
    public Optional<Long> version() {
        return current.map(VersionedSettings::version);
    }

    /** Signs a write of this run's. */
    public Change sign(String what) {
        String reason = spec.reason().isEmpty() ? what : spec.reason() + " (" + what + ")";
        return authorship.sign("cutover " + spec.id() + ": " + reason);
    }

    /**
     * Writes settings under the lock.
     *
     * @throws StepFailure {@code LOCK_LOST}, or {@code FAILED} if somebody wrote without regard to the lock
     */
    public VersionedSettings write(VersionedSettings next) throws StepFailure {
        return written(next, cutovers.write(next, held.orElseThrow()));
    }

    /**
     * Writes settings under the lock while callers wait, and waits for the answer no longer than {@code bound}, since the
     * registry's own bounds are longer than many a hold. Without an answer the outcome is unknown, and what was sent may take
     * effect until the next epoch is written.
     *
     * @throws StepFailure as {@link #write(VersionedSettings)}
     * @throws RegistryException {@code OUTCOME_UNKNOWN} without an answer, also if the thread is interrupted, whose flag is set then
     */
    public VersionedSettings write(VersionedSettings next, Duration bound) throws StepFailure {
        CutoverLock lock = held.orElseThrow();
        BoundedCall<WriteResult, RuntimeException> write =
                BoundedCall.start("cutover-registry-write", () -> cutovers.write(next, lock));
        try {
            return written(next, write.get(bound));
        } catch (TimeoutException e) {
            write.interrupt();
            throw unknown(
                    next,
                    "the registry did not answer within the " + bound.toMillis()
                            + " ms that were left of the hold budget",
                    e);
        } catch (InterruptedException e) {
            write.interrupt();
            Thread.currentThread().interrupt();
            throw unknown(next, "the thread was interrupted", e);
        }
    }

    private RegistryException unknown(VersionedSettings next, String why, Exception cause) {
        return new RegistryException(
                RegistryException.Kind.OUTCOME_UNKNOWN,
                "writing version " + next.version() + " of '" + database() + "': " + why
                        + "; it may have taken effect, or may yet, until the lock is taken again",
                cause);
    }

    private VersionedSettings written(VersionedSettings next, WriteResult result) throws StepFailure {
        if (result instanceof WriteResult.LockLost lockLost) {
            throw lost(lockLost.actual());
        }
        if (result instanceof WriteResult.Conflict conflict) {
            throw StepFailure.failed(
                    "version " + next.version() + " could not be written: " + conflict(conflict.actual()));
        }
        current = Optional.of(next);
        return next;
    }

    private static String conflict(ReadResult actual) {
        return actual.current()
                .map(found -> "another operator wrote version " + found.version() + " (" + of(found.change()) + ")")
                .orElse("another operator changed or removed the settings");
    }

    private static String of(Change change) {
        return change.by() + " at " + change.at() + (change.reason().isEmpty() ? "" : ", \"" + change.reason() + "\"");
    }
}
