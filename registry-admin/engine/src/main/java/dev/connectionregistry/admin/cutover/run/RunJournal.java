package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.journal.JournalWriter;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a run has noted so far, and the writing of it: in the background as the run goes on, at once where the next step
 * must not begin before it is written. Nothing is written while callers wait: the journal goes through the same lock
 * item as the settings, and the registry may refuse either of two transactions on one item. Writes nothing without the
 * lock. For the coordinator's thread; notes about one Postgres database may come from another thread.
 */
public final class RunJournal {
    private static final Duration BOUND = Duration.ofSeconds(15);

    private final Optional<JournalWriter> writer;
    private final Supplier<Optional<CutoverLock>> lock;
    private final BooleanSupplier callersWait;
    /** Guarded by this. */
    private RunRecord record;
    /** Whether an earlier coordinator may have written more than is known here; then nothing may overwrite it. */
    private boolean behind;

    /** Goes on from {@code record}; without a writer nothing is written. */
    RunJournal(
            Optional<JournalWriter> writer,
            Supplier<Optional<CutoverLock>> lock,
            BooleanSupplier callersWait,
            RunRecord record) {
        this.writer = writer;
        this.lock = lock;
        this.callersWait = callersWait;
        this.record = record;
    }

    /** All that is written down. */
    public synchronized RunRecord record() {
        return record;
    }

    /** Notes that the journal was read without the lock; see {@link #catchUp}. */
    void behind() {
        behind = true;
    }

    /** Whether {@link #catchUp} is due. */
    public boolean isBehind() {
        return behind;
    }

    /** Goes on from what an earlier coordinator wrote last; to be read with the lock in hand. */
    public synchronized void catchUp(Optional<RunRecord> last) {
        behind = false;
        record = last.map(record::goingOnFrom).orElse(record);
    }

    /** Another coordinator begins. */
    public synchronized void coordinator(String who) {
        record = record.carriedOutBy(who);
    }

    /** Notes the servers of the Postgres database of this name. */
    public synchronized void identities(DatabaseName name, PostgresIdentity source, PostgresIdentity target) {
        record = record.between(name, source, target);
    }

    /** Notes how the fence around the Postgres database of this name is put up and taken down. */
    public synchronized void fence(DatabaseName name, FencePlan plan) {
        record = record.fencedBy(name, plan);
    }

    /** A step has ended. */
    public synchronized void step(StepRecord step) {
        record = record.after(step);
    }

    /** Notes what is done now; written in the background, once no caller waits or is just being let go. */
    public void state(RunState state, Optional<RunOutcome> outcome) {
        in(state, outcome);
        boolean letsGo = state.step() == Step.AWAIT_ACTIVE || state.step() == Step.AWAIT_BACK;
        if (!callersWait.getAsBoolean() && !letsGo) {
            submit();
        }
    }

    private synchronized void in(RunState state, Optional<RunOutcome> outcome) {
        record = record.in(state, beginsReverseSlot(state.step()), outcome);
    }

    /** Has everything noted so far written in the background. */
    public void write() {
        submit();
    }

    /** Noted before the hold, since nothing is written during it. */
    private boolean beginsReverseSlot(Step step) {
        return step == Step.HOLD
                && !record.spec().rehearsal()
                && record.spec().options().reverseSlot().isPresent();
    }

    private void submit() {
        if (behind) {
            return;
        }
        lock.get().ifPresent(held -> writer.ifPresent(to -> to.submit(held, RunRecordCodec.toDocument(record()))));
    }

    /** Waits until everything noted so far is in the registry; returns why it isn't, or empty. */
    public Optional<String> flush() throws InterruptedException {
        submit();
        return writer.isEmpty() ? Optional.empty() : writer.get().flush(BOUND);
    }

    /**
     * Waits until everything noted so far is in the registry.
     *
     * @throws StepFailure if it isn't
     */
    public void require() throws StepFailure, InterruptedException {
        Optional<String> problem = flush();
        if (problem.isPresent()) {
            throw StepFailure.failed("the journal can't be written: " + problem.get());
        }
    }
}
