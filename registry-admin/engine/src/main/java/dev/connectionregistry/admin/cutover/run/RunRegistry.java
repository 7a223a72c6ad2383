package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.settings.Authorship;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.CutoverRegistry.NotWritten;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The registry as one run sees it: the locks of all its names, and the settings that it writes under them. Locks are
 * taken, taken over and released in one transaction, so one coordinator always has all of them. For the coordinator's
 * thread. Every method may throw {@link RegistryException}.
 */
public final class RunRegistry {
    private final RegistryAdministration settings;
    private final CutoverRegistry cutovers;
    private final Authorship authorship;
    private final RunSpec spec;
    private final List<DatabaseName> names;
    /** One for each name, or none; the same holds for those that were attempted. */
    private List<CutoverLock> held = List.of();

    private List<CutoverLock> attempted = List.of();
    private final Map<DatabaseName, VersionedSettings> current = new LinkedHashMap<>();

    /** Without the locks. */
    public RunRegistry(RegistryAdministration settings, CutoverRegistry cutovers, Authorship authorship, RunSpec spec) {
        this.settings = settings;
        this.cutovers = cutovers;
        this.authorship = authorship;
        this.spec = spec;
        this.names = spec.members().stream().map(GroupMember::name).toList();
    }

    /**
     * Writes the next epochs. Safe to repeat after an answer was lost.
     *
     * @param takesOver whether an earlier coordinator of this run may hold the locks
     * @return the lock of the name that has the journal
     * @throws StepFailure {@code LOCK_LOST} if another coordinator took one from us; {@code FAILED} if it was never
     *     ours
     */
    public CutoverLock take(boolean takesOver) throws StepFailure {
        List<Optional<CutoverLock>> current = current();
        if (!attempted.isEmpty() && differing(attempted, current).isEmpty()) {
            return taken(attempted);
        }
        requireFree(current, takesOver);
        List<CutoverLock> next = next(current, true);
        if (!cutovers.writeLocks(next)) {
            throw held.isEmpty()
                    ? StepFailure.failed("somebody else took the lock of " + quoted() + " at this moment")
                    : lost(differing(held, current()).orElse(current().get(0)));
        }
        return taken(next);
    }

    private List<Optional<CutoverLock>> current() {
        return names.stream().map(cutovers::lock).toList();
    }

    private String quoted() {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    private CutoverLock taken(List<CutoverLock> locks) {
        held = locks;
        attempted = List.of();
        return locks.get(0);
    }

    private void requireFree(List<Optional<CutoverLock>> current, boolean takesOver) throws StepFailure {
        if (!held.isEmpty()) {
            requireSame(current);
            return;
        }
        for (Optional<CutoverLock> each : current) {
            boolean taken = each.filter(CutoverLock::held).isPresent();
            boolean ours = each.filter(lock -> lock.runId().equals(spec.id())).isPresent();
            if (taken && !(takesOver && ours)) {
                CutoverLock lock = each.get();
                throw StepFailure.failed("cutover " + lock.runId() + " has the lock of '" + lock.database()
                        + "', taken by " + lock.by() + " at " + lock.at() + " (epoch " + lock.epoch() + ")");
            }
        }
    }

    /** The first lock that another coordinator has; empty if all are {@code ours}. */
    private static Optional<Optional<CutoverLock>> differing(
            List<CutoverLock> ours, List<Optional<CutoverLock>> current) {
        for (int index = 0; index < ours.size(); index++) {
            if (!current.get(index)
                    .map(CutoverLock::token)
                    .equals(Optional.of(ours.get(index).token()))) {
                return Optional.of(current.get(index));
            }
        }
        return Optional.empty();
    }

    private void requireSame(List<Optional<CutoverLock>> current) throws StepFailure {
        Optional<Optional<CutoverLock>> other = held.isEmpty() ? Optional.of(current.get(0)) : differing(held, current);
        if (other.isPresent()) {
            throw lost(other.get());
        }
    }

    private static StepFailure lost(Optional<CutoverLock> actual) {
        return new StepFailure(
                Kind.LOCK_LOST,
                actual.map(lock -> lock.by() + " took the lock at " + lock.at() + " (epoch " + lock.epoch()
                                + ", cutover " + lock.runId() + ")")
                        .orElse("somebody deleted the lock"));
    }

    /**
     * The next epochs; the same documents again if they were tried already, so that the registry recognises the same
     * write.
     */
    private List<CutoverLock> next(List<Optional<CutoverLock>> current, boolean keep) {
        Change change = authorship.sign("");
        List<CutoverLock> next = new ArrayList<>();
        for (int index = 0; index < names.size(); index++) {
            long epoch = current.get(index).map(CutoverLock::epoch).orElse(0L) + 1;
            next.add(new CutoverLock(
                    names.get(index),
                    epoch,
                    spec.id(),
                    keep,
                    UUID.randomUUID().toString(),
                    change.by(),
                    change.at(),
                    names.get(0)));
        }
        attempted = isAgain(next) ? attempted : List.copyOf(next);
        return attempted;
    }

    private boolean isAgain(List<CutoverLock> next) {
        return attempted.size() == next.size()
                && attempted.stream()
                        .map(CutoverLock::epoch)
                        .toList()
                        .equals(next.stream().map(CutoverLock::epoch).toList())
                && attempted.get(0).held() == next.get(0).held();
    }

    /** Gives the locks back; says whether they were still ours. Safe to repeat after an answer was lost. */
    public boolean release() {
        if (held.isEmpty()) {
            return true;
        }
        List<CutoverLock> next = next(held.stream().map(Optional::of).toList(), false);
        boolean released = cutovers.writeLocks(next);
        held = List.of();
        attempted = List.of();
        return released;
    }

    /** The lock of the name that has the journal, if the locks are ours as far as we know. */
    public Optional<CutoverLock> held() {
        return held.stream().findFirst();
    }

    /** What the run's coordinators wrote down last; final once the lock is ours. */
    public Optional<RunRecord> journal() {
        DatabaseName home = names.get(0);
        return cutovers.journal(home, spec.id()).map(each -> RunRecordCodec.record(each, home, spec.id()));
    }

    /** Reads the current item of a name; settings that it finds become {@link #current}. */
    public ReadResult look(DatabaseName name) {
        ReadResult result = settings.read(name).answered();
        result.current().ifPresent(found -> current.put(name, found));
        return result;
    }

    /** Reads the current items of all names, in their order. */
    public List<ReadResult> look() {
        return names.stream().map(this::look).toList();
    }

    /**
     * Verifies that the locks are still ours. Called after a look, it proves that only we can have written under them
     * until then.
     *
     * @throws StepFailure {@code LOCK_LOST} if another coordinator has one of them
     */
    public void requireLock() throws StepFailure {
        requireSame(current());
    }

    /** A name's settings as last read or written by this run. */
    public VersionedSettings current(DatabaseName name) {
        VersionedSettings known = current.get(name);
        if (known == null) {
            throw new IllegalStateException("nothing of '" + name + "' was read yet");
        }
        return known;
    }

    /** The newest version of each name that was read or written. */
    public Map<DatabaseName, Long> versions() {
        return current.values().stream()
                .collect(Collectors.toMap(VersionedSettings::database, VersionedSettings::version));
    }

    /** Signs a write of this run. */
    public Change sign(String what) {
        String reason = spec.reason().isEmpty() ? what : spec.reason() + " (" + what + ")";
        return authorship.sign("cutover " + spec.id() + ": " + reason);
    }

    /**
     * Writes settings of these names under the locks, all or none.
     *
     * @throws StepFailure {@code LOCK_LOST}, or {@code FAILED} if somebody wrote without regard to the lock
     */
    public void write(List<VersionedSettings> next) throws StepFailure {
        written(next, cutovers.writeAll(next, requireHeld()));
    }

    private List<CutoverLock> requireHeld() {
        if (held.isEmpty()) {
            throw new IllegalStateException("the locks of " + quoted() + " are not held");
        }
        return held;
    }

    /**
     * Writes settings under the locks while callers wait, and waits for the answer no longer than {@code bound}, since
     * the registry's own bounds are longer than many holds. Without an answer the outcome is unknown, and what was sent
     * may take effect until the next epoch is written.
     *
     * @throws StepFailure as {@link #write(List)}
     * @throws RegistryException {@code OUTCOME_UNKNOWN} if there is no answer, or if the thread is interrupted, whose
     *     interrupt flag is then set
     */
    public void write(List<VersionedSettings> next, Duration bound) throws StepFailure {
        List<CutoverLock> locks = requireHeld();
        BoundedCall<Optional<NotWritten>, RuntimeException> write =
                BoundedCall.start("cutover-registry-write", () -> cutovers.writeAll(next, locks));
        try {
            written(next, write.get(bound));
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

    private static RegistryException unknown(List<VersionedSettings> next, String why, Exception cause) {
        String what = next.stream()
                .map(each -> "version " + each.version() + " of '" + each.database() + "'")
                .collect(Collectors.joining(", "));
        return new RegistryException(
                RegistryException.Kind.OUTCOME_UNKNOWN,
                "writing " + what + ": " + why
                        + "; it may have taken effect, or may yet, until the lock is taken again",
                cause);
    }

    private void written(List<VersionedSettings> next, Optional<NotWritten> refusal) throws StepFailure {
        if (refusal.isPresent()) {
            throw notWritten(next, refusal.get());
        }
        next.forEach(each -> current.put(each.database(), each));
    }

    private static StepFailure notWritten(List<VersionedSettings> next, NotWritten refusal) {
        if (refusal.why() instanceof WriteResult.LockLost lockLost) {
            return lost(lockLost.actual());
        }
        ReadResult actual = ((WriteResult.Conflict) refusal.why()).actual();
        String which = next.stream()
                .filter(each -> each.database().equals(refusal.database()))
                .map(each -> "version " + each.version() + (next.size() > 1 ? " of '" + each.database() + "'" : ""))
                .findFirst()
                .orElseThrow();
        return StepFailure.failed(which + " could not be written: " + conflict(actual));
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
