package dev.connectionregistry.admin.operation;

import dev.connectionregistry.admin.operation.OperationException.Reason;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.Optional;

/**
 * Keeps ordinary changes out while a cutover is under way: a version written over its own would end it without its undo. Pure.
 */
final class CutoverGuard {
    private final CommandText commands;

    /** {@code commands} writes the advice. */
    CutoverGuard(CommandText commands) {
        this.commands = commands;
    }

    /**
     * Passes settings without a transition.
     *
     * @throws OperationException that names the cutover, its phase, and who wrote that when
     */
    void requireSteady(VersionedSettings current) {
        refusal(current).ifPresent(refusal -> {
            throw refusal;
        });
    }

    /** Why {@code current} may not be changed; empty if it may. */
    Optional<OperationException> refusal(VersionedSettings current) {
        return current.transition()
                .map(transition -> new OperationException(
                        Reason.CUTOVER_UNDER_WAY,
                        transition + " is under way for '" + current.database() + "': phase " + transition.phase()
                                + " since version " + current.version() + ", written by "
                                + signature(current.change()) + "; nothing was written",
                        next(current)));
    }

    private static String signature(Change change) {
        return change.by() + " at " + change.at() + (change.reason().isEmpty() ? "" : ", \"" + change.reason() + "\"");
    }

    private String next(VersionedSettings current) {
        return "see " + commands.command("cutover status " + current.database())
                + "; if nobody is carrying it out, end it"
                + " with " + commands.command("cutover resume " + current.database()) + " or "
                + commands.command("cutover abort " + current.database());
    }
}
