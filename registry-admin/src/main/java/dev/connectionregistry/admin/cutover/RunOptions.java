package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.server.FenceKind;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator chose for a run; kept in the journal, so that whoever takes over does the same.
 *
 * @param fence how the old server is kept from taking writes
 * @param exemptRoles roles that may go on writing there, such as a replicator's
 * @param barrier how it is shown that the new server has everything
 * @param sequenceMargin by how many steps the new server's sequences go further
 * @param verifyTables tables, as written in SQL, whose rows are counted on both servers during the hold
 * @param reverseSlot the logical slot to make on the new server before the switch
 * @param times how long it gives to what
 * @param cancelStragglers whether transactions that outlast the grace are ended on the server instead of giving up
 * @param without instances ({@code service/instance}) that are not waited for
 * @param signals whether hints are sent over the new server
 * @param oldAdmin who fences the old server
 * @param newAdmin who works on the new one
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
        AdminLogin oldAdmin,
        AdminLogin newAdmin) {
    /** Copies the collections and checks the margin. */
    public RunOptions {
        if (sequenceMargin < 0) {
            throw new InvalidSettingsException("--sequence-margin is " + sequenceMargin + "; allowed is 0 or more");
        }
        exemptRoles = Set.copyOf(exemptRoles);
        verifyTables = List.copyOf(verifyTables);
        without = Set.copyOf(without);
    }

    /** With other people's logins. */
    public RunOptions with(AdminLogin onOld, AdminLogin onNew) {
        return with(without, onOld, onNew);
    }

    /** With other instances that are not waited for. */
    public RunOptions without(Set<String> names) {
        return with(names, oldAdmin, newAdmin);
    }

    private RunOptions with(Set<String> leftOut, AdminLogin onOld, AdminLogin onNew) {
        return new RunOptions(
                fence,
                exemptRoles,
                barrier,
                sequenceMargin,
                verifyTables,
                reverseSlot,
                times,
                cancelStragglers,
                leftOut,
                signals,
                onOld,
                onNew);
    }
}
