package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator chose for a run. Most of it is kept in the journal, so that a coordinator that takes over does the
 * same; what the journal can't be trusted with must be given again then. Immutable.
 *
 * @param repeated what must be given again
 * @param times how long each part of the run may take
 * @param signals whether hints are sent over the target
 * @param sourceAdmin who fences the source
 * @param targetAdmin who works on the target
 */
public record RunOptions(
        RepeatedOptions repeated, RunTimes times, boolean signals, AdminLogin sourceAdmin, AdminLogin targetAdmin) {
    /**
     * Checks that the poll interval fits.
     *
     * @throws InvalidSettingsException if it is too long for a run without signals
     */
    public RunOptions {
        if (times.needsSignals() && !signals) {
            throw new InvalidSettingsException("--poll-interval is " + Durations.text(times.pollInterval())
                    + "; with --no-signals at most "
                    + Durations.text(RunTimes.LONGEST_UNSIGNALLED_POLL) + " is allowed");
        }
    }

    /** How the source is kept from accepting writes. */
    public FenceKind fence() {
        return repeated.fence();
    }

    /** Roles that may go on writing there, such as a replicator's. */
    public Set<String> exemptRoles() {
        return repeated.exemptRoles();
    }

    /** How it is shown that the target has everything. */
    public BarrierChoice barrier() {
        return repeated.barrier();
    }

    /** How many steps beyond the source's the target's sequences are set. */
    public long sequenceMargin() {
        return repeated.sequenceMargin();
    }

    /** Tables, as written in SQL, whose rows are counted on both servers during the hold. */
    public List<String> verifyTables() {
        return repeated.verifyTables();
    }

    /** The logical slot to make on the target before the switch; the empty text for the usual name. */
    public Optional<String> reverseSlot() {
        return repeated.reverseSlot();
    }

    /** Whether transactions that outlast the grace are ended on the server instead of giving up. */
    public boolean cancelStragglers() {
        return repeated.cancelStragglers();
    }

    /** Instances ({@code service/instance}) that are not waited for. */
    public Set<String> without() {
        return repeated.without();
    }

    /** Tables, as people write them, that are counted only if the operator asks for it. */
    public List<String> uncounted() {
        return repeated.uncounted();
    }

    public RunOptions with(RepeatedOptions other) {
        return new RunOptions(other, times, signals, sourceAdmin, targetAdmin);
    }

    public RunOptions with(AdminLogin onSource, AdminLogin onTarget) {
        return new RunOptions(repeated, times, signals, onSource, onTarget);
    }

    /** With other instances that are not waited for. */
    public RunOptions without(Set<String> names) {
        return with(repeated.without(names));
    }

    public RunOptions with(BarrierChoice other) {
        return with(repeated.with(other));
    }

    /** Without a slot for the way back, so that none is made or dropped. */
    public RunOptions withoutReverseSlot() {
        return with(repeated.with(Optional.empty()));
    }
}
