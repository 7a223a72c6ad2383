package dev.connectionregistry.admin.settings;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a plain move from going back to a server that a cutover left: its fence refuses the services' writes, and it
 * lacks what was written since. The history tells which servers these are.
 */
public final class FormerSources {
    /** The option that allows a move to such a server. */
    public static final String OPTION = "--accept-left-server";

    private static final int SEARCHED = 100;

    private final RegistryAdministration registry;
    private final CommandText commands;

    FormerSources(RegistryAdministration registry, CommandText commands) {
        this.registry = registry;
        this.commands = commands;
    }

    /**
     * A server that was left.
     *
     * @param run the cutover that left it
     * @param switched the version that it wrote for its switch
     */
    public record Left(String run, VersionedSettings switched) {}

    /**
     * Passes a move to a server that no cutover left, or that was used again since.
     *
     * @throws OperationException naming the cutover, and what to do instead
     */
    void require(DatabaseName database, Endpoint from, Endpoint to) {
        if (OtherNames.isSame(from, to)) {
            return;
        }
        find(to, registry.history(database, SEARCHED)).ifPresent(left -> {
            throw new OperationException(
                    Reason.FAILED,
                    to + " is the server that cutover " + left.run() + " left for "
                            + left.switched().settings().endpoint() + " (version "
                            + left.switched().version() + ", by "
                            + left.switched().change().by() + " at "
                            + left.switched().change().at()
                            + "): its fence refuses writes, and rows written since then may be missing; nothing was"
                            + " written",
                    "going back without losing a row is a cutover in the other direction, see 'Going back' in"
                            + " docs/cutover.md and " + commands.command("cutover status " + database)
                            + "; to use the server as it is: take its fence down, then repeat this with "
                            + OPTION);
        });
    }

    /** From the history, the newest first: a steady version right after a hold, on the hold's target, is a cutover's switch. */
    public static Optional<Left> find(Endpoint to, List<VersionedSettings> history) {
        for (int i = 0; i + 1 < history.size(); i++) {
            VersionedSettings version = history.get(i);
            VersionedSettings before = history.get(i + 1);
            if (OtherNames.isSame(version.settings().endpoint(), to)) {
                return Optional.empty(); // it was used after any cutover that left it
            }
            Optional<Transition> hold = before.transition()
                    .filter(transition -> transition.phase() == Transition.Phase.HOLD)
                    .filter(any -> version.transition().isEmpty())
                    .filter(transition -> transition
                            .target()
                            .endpoint()
                            .equals(version.settings().endpoint()));
            if (hold.isPresent() && OtherNames.isSame(before.settings().endpoint(), to)) {
                return Optional.of(new Left(hold.get().id(), version));
            }
        }
        return Optional.empty();
    }
}
