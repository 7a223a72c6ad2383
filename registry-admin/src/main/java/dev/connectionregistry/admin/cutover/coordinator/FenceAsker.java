package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.server.FenceSeen;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.settings.ConnectionSettings;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks the old server whether the fence is up. Changes nothing, and takes no lock. Logs in only with the login that the operator gave
 * for it, to a server that the settings or their history have: a journal alone makes nobody log in anywhere.
 */
public final class FenceAsker {
    /** Who asks for a status wants to see it soon, also where the server is gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final CutoverServers servers;
    private final RegistryAdministration registry;

    /** Asks over {@code servers}; {@code registry} knows which servers there are. */
    @Inject
    public FenceAsker(CutoverServers servers, RegistryAdministration registry) {
        this.servers = servers;
        this.registry = registry;
    }

    /** The same status with what the server says to {@code admin}; without an answer it is what the journal says, and why. */
    public CutoverStatus ask(CutoverStatus status, AdminLogin admin) {
        Optional<RunRecord> fenced = status.run().filter(run -> run.fence().isPresent());
        return fenced.isEmpty()
                ? status
                : status.withFence(answer(status, fenced.get().spec(), admin, FenceNow.byJournal(fenced.get())));
    }

    private FenceNow answer(CutoverStatus status, RunSpec spec, AdminLogin admin, FenceNow otherwise) {
        if (admin.password().isEmpty()) {
            return otherwise.notAsked(
                    "to ask " + spec.old().endpoint() + " give --admin-username U --admin-password-ref REF");
        }
        Optional<ConnectionSettings> source =
                KnownServers.read(registry, spec, Optional.of(status.current())).source(spec);
        if (source.isEmpty()) {
            return otherwise.notAsked(spec.old().endpoint() + " is in the journal, but neither in the settings of '"
                    + spec.database() + "' nor in their history");
        }
        try {
            FenceSeen seen = servers.fence(admin.on(ServerLogin.of(source.get())), spec.id(), PATIENCE);
            return new FenceNow(
                    seen.up() ? FenceNow.State.UP : FenceNow.State.DOWN,
                    "says " + spec.old().endpoint());
        } catch (ServerException e) {
            return otherwise.unasked(String.valueOf(e.getMessage()));
        }
    }
}
