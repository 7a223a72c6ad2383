package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/** Asks the old server whether the fence is up, as the administrator of the run. Changes nothing, and takes no lock. */
public final class FenceAsker {
    /** Who asks for a status wants to see it soon, also where the server is gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final CutoverServers servers;

    /** Asks over {@code servers}. */
    @Inject
    public FenceAsker(CutoverServers servers) {
        this.servers = servers;
    }

    /** The same status with what the server says to {@code admin}, or else to the run's; without an answer it is what the journal says, and why. */
    public CutoverStatus ask(CutoverStatus status, AdminLogin admin) {
        Optional<RunRecord> fenced = status.run().filter(run -> run.fence().isPresent());
        return fenced.isEmpty()
                ? status
                : status.withFence(answer(fenced.get().spec(), admin, FenceNow.byJournal(fenced.get())));
    }

    private FenceNow answer(RunSpec spec, AdminLogin admin, FenceNow otherwise) {
        try {
            boolean up = servers.isFenced(
                    admin.or(spec.options().oldAdmin()).on(ServerLogin.of(spec.old())), spec.id(), PATIENCE);
            return new FenceNow(
                    up ? FenceNow.State.UP : FenceNow.State.DOWN,
                    "says " + spec.old().endpoint());
        } catch (ServerException e) {
            return otherwise.unasked(String.valueOf(e.getMessage()));
        }
    }
}
