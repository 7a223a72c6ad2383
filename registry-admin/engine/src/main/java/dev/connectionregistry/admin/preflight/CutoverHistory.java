package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.ServerPair;
import java.util.Optional;

/** Knows the cutovers and rehearsals that have ended. Thread-safe. */
@FunctionalInterface
public interface CutoverHistory {
    /**
     * The latest one between these two servers with this role of the services.
     *
     * @throws dev.connectionregistry.registry.RegistryException if the registry can't be read
     */
    Optional<Attempt> latest(ServerPair pair);

    /**
     * A cutover or a rehearsal.
     *
     * @param title {@code the rehearsal r-7 of 2026-11-30T02:00:00Z}
     * @param everyInstanceWasReady whether every instance had connections to the target
     * @param cause why it ended as it did
     */
    record Attempt(String title, boolean everyInstanceWasReady, String cause) {}
}
