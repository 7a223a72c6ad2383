package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator chose for a run. Most of it is kept in the journal, so that a coordinator that takes over does the same; what the journal
 * can't be trusted with must be given again then, see {@link RepeatedOptions}.
 *
 * @param fence how the source is kept from taking writes
 * @param exemptRoles roles that may go on writing there, such as a replicator's
 * @param barrier how it is shown that the target has everything
 * @param sequenceMargin by how many steps the target's sequences go further
 * @param verifyTables tables, as written in SQL, whose rows are counted on both servers during the hold
 * @param reverseSlot the logical slot to make on the target before the switch; the empty text for the usual name
 * @param times how long it gives to what
 * @param cancelStragglers whether transactions that outlast the grace are ended on the server instead of giving up
 * @param without instances ({@code service/instance}) that are not waited for
 * @param signals whether hints are sent over the target
 * @param sourceAdmin who fences the source
 * @param targetAdmin who works on the target
 * @param uncounted tables, as people write them, that are never counted without being asked
 */
public record RunOptions(
        FenceKind fence,
        Set<String> exemptRoles,
        BarrierChoice barrier,
        long sequenceMargin,
        List<String> verifyTables,
        Optional<String> reverseSlot,
        RunTimes times,
        boolean cancelStragglers,
        Set<String> without,
        boolean signals,
        AdminLogin sourceAdmin,
        AdminLogin targetAdmin,
        List<String> uncounted) {
    /** With every small table counted. */
    public RunOptions(
            FenceKind fence,
            Set<String> exemptRoles,
            BarrierChoice barrier,
            long sequenceMargin,
            List<String> verifyTables,
            Optional<String> reverseSlot,
            RunTimes times,
            boolean cancelStragglers,
            Set<String> without,
            boolean signals,
            AdminLogin sourceAdmin,
            AdminLogin targetAdmin) {
        this(
                fence,
                exemptRoles,
                barrier,
                sequenceMargin,
                verifyTables,
                reverseSlot,
                times,
                cancelStragglers,
                without,
                signals,
                sourceAdmin,
                targetAdmin,
                List.of());
    }

    public RunOptions {
        if (sequenceMargin < 0) {
            throw new InvalidSettingsException("--sequence-margin is " + sequenceMargin + "; allowed is 0 or more");
        }
        exemptRoles = Set.copyOf(exemptRoles);
        verifyTables = List.copyOf(verifyTables);
        without = Set.copyOf(without);
        uncounted = List.copyOf(uncounted);
    }

    /** With other people's logins. */
    public RunOptions with(AdminLogin onSource, AdminLogin onTarget) {
        return with(barrier, reverseSlot, without, onSource, onTarget);
    }

    /** With other instances that are not waited for. */
    public RunOptions without(Set<String> names) {
        return with(barrier, reverseSlot, names, sourceAdmin, targetAdmin);
    }

    public RunOptions with(BarrierChoice other) {
        return with(other, reverseSlot, without, sourceAdmin, targetAdmin);
    }

    /** Without a slot for the way back, so that none is made or dropped. */
    public RunOptions withoutReverseSlot() {
        return with(barrier, Optional.empty(), without, sourceAdmin, targetAdmin);
    }

    private RunOptions with(
            BarrierChoice otherBarrier,
            Optional<String> otherSlot,
            Set<String> leftOut,
            AdminLogin onSource,
            AdminLogin onTarget) {
        return new RunOptions(
                fence,
                exemptRoles,
                otherBarrier,
                sequenceMargin,
                verifyTables,
                otherSlot,
                times,
                cancelStragglers,
                leftOut,
                signals,
                onSource,
                onTarget,
                uncounted);
    }
}
