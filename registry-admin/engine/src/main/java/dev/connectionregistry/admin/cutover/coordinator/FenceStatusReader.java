package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.fence.ObservedFence;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks the source whether the fence is up. Changes nothing, and takes no lock. Logs in only with the login that the operator gave
 * for it, as an option or a default, to a server that the settings or their history have: a journal alone makes nobody log in anywhere.
 */
public final class FenceStatusReader {
    /** An operator who asks for a status wants to see it soon, even if the server is gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** How many runs back a fence is looked for. */
    private static final int SEARCHED = 20;

    private static final int MOST_ASKED = 3;

    private final CutoverServers servers;
    private final RegistryAdministration registry;
    private final CutoverRegistry cutovers;

    @Inject
    public FenceStatusReader(CutoverServers servers, RegistryAdministration registry, CutoverRegistry cutovers) {
        this.servers = servers;
        this.registry = registry;
        this.cutovers = cutovers;
    }

    /**
     * The same status with what the servers say to {@code admin} about the latest run's fence, and about those of earlier runs that may
     * still be up; without an answer it is what the journal says, and why.
     */
    public CutoverStatus ask(CutoverStatus status, AdminLogin admin) {
        Optional<RunFence> latest = status.run()
                .filter(run -> run.fence().isPresent())
                .map(run -> answer(status, RunFence.byJournal(run), admin));
        DatabaseName database = status.current().database();
        List<RunFence> left = EarlierFences.among(cutovers.journals(database, SEARCHED), database).stream()
                .limit(MOST_ASKED)
                .map(run -> answer(status, RunFence.byJournal(run), admin))
                .filter(fence -> fence.now().state() != FenceStatus.State.DOWN)
                .toList();
        return status.withFences(latest, left);
    }

    private RunFence answer(CutoverStatus status, RunFence fence, AdminLogin admin) {
        return answer(status, fence.run().spec(), admin, fence);
    }

    private RunFence answer(CutoverStatus status, RunSpec spec, AdminLogin admin, RunFence otherwise) {
        if (admin.at(spec.source().endpoint()).password().isEmpty()) {
            return otherwise.notAsked(
                    "to ask " + spec.source().endpoint() + " give --admin-username U --admin-password-ref REF");
        }
        Optional<ConnectionSettings> source = KnownServers.read(registry, spec.home(), Optional.of(status.current()))
                .source(spec.home());
        if (source.isEmpty()) {
            return otherwise.notAsked(spec.source().endpoint() + " is in the journal, but neither in the settings of '"
                    + spec.database() + "' nor in their history");
        }
        try {
            ObservedFence seen = servers.fence(admin.on(ServerLogin.of(source.get())), spec.id(), PATIENCE);
            String whose = seen.runId()
                    .filter(id -> !id.equals(spec.id()))
                    .map(id -> " of cutover " + id)
                    .orElse("");
            return new RunFence(
                    otherwise.run(),
                    new FenceStatus(
                            seen.up() ? FenceStatus.State.UP : FenceStatus.State.DOWN,
                            "says " + spec.source().endpoint() + whose),
                    seen.plan());
        } catch (ServerException e) {
            return otherwise.unasked(String.valueOf(e.getMessage()));
        }
    }
}
