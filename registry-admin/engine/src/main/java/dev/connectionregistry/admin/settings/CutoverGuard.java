package dev.connectionregistry.admin.settings;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.Optional;

/**
 * Keeps ordinary changes out while a cutover is under way, or was left: a version written over its own would end it
 * without its undo. A cutover is visible in the settings from PREPARE to the switch, but its fence and its temporary
 * interval may outlast that. Until it has given its lock back, only it, or the process that takes it over, may end what
 * it began.
 *
 * <p>Asked after the settings to be changed were read, it guarantees that they don't come from the middle of a cutover.
 * A cutover that begins later writes a version of its own, and the change conflicts with that.
 */
final class CutoverGuard {
    private final CutoverRegistry cutovers;
    private final CommandText commands;

    CutoverGuard(CutoverRegistry cutovers, CommandText commands) {
        this.cutovers = cutovers;
        this.commands = commands;
    }

    /**
     * Passes settings without a transition if nobody has the cutover lock of their database.
     *
     * @throws OperationException naming the cutover, its state, and who brought it there when
     * @throws dev.connectionregistry.registry.RegistryException if the lock can't be read
     */
    void requireFree(VersionedSettings current) {
        refusal(current).ifPresent(refusal -> {
            throw refusal;
        });
        requireUnlocked(current.database());
    }

    /**
     * Passes if nobody has the database's cutover lock.
     *
     * @throws OperationException naming the cutover that has it
     * @throws dev.connectionregistry.registry.RegistryException if the lock can't be read
     */
    void requireUnlocked(DatabaseName database) {
        cutovers.lock(database).filter(CutoverLock::held).ifPresent(lock -> {
            throw locked(lock);
        });
    }

    /** Why {@code current} may not be changed, by what it says itself; empty if it may. */
    Optional<OperationException> refusal(VersionedSettings current) {
        return current.transition()
                .map(transition -> new OperationException(
                        Reason.CUTOVER_UNDER_WAY,
                        transition + " is under way for '" + current.database() + "': phase " + transition.phase()
                                + " since version " + current.version() + ", written by "
                                + signature(current.change()) + "; nothing was written",
                        next(current.database())));
    }

    private OperationException locked(CutoverLock lock) {
        return new OperationException(
                Reason.CUTOVER_UNDER_WAY,
                "cutover " + lock.runId() + " has the lock of '" + lock.database() + "', taken by " + lock.by() + " at "
                        + lock.at() + " (epoch " + lock.epoch()
                        + "), and has not given it back: it is under way, or was left open; nothing was written",
                next(lock.database()));
    }

    private static String signature(Change change) {
        return change.by() + " at " + change.at() + (change.reason().isEmpty() ? "" : ", \"" + change.reason() + "\"");
    }

    private String next(DatabaseName database) {
        return "see " + commands.command("cutover status " + database) + "; if no coordinator is executing it, end it"
                + " with " + commands.command("cutover resume " + database) + " or "
                + commands.command("cutover abort " + database);
    }
}
