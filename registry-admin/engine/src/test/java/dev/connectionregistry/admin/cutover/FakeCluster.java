package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.fence.ObservedFence;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import java.time.Duration;
import java.util.Map;

/** Several Postgres databases on the same two servers, each with the name of the database that a login leads to. */
public record FakeCluster(FakeServers usual, Map<String, FakeServers> others) implements CutoverServers {
    private FakeServers of(ServerLogin login) {
        return others.getOrDefault(login.endpoint().databaseName(), usual);
    }

    @Override
    public SourceServer.Opener source(ServerLogin admin, ServerLogin services, String runId) {
        return of(admin).source(admin, services, runId);
    }

    @Override
    public ObservedFence fence(ServerLogin admin, String runId, Duration bound) throws ServerException {
        return of(admin).fence(admin, runId, bound);
    }

    @Override
    public TargetServer.Opener target(ServerLogin admin, String runId) {
        return of(admin).target(admin, runId);
    }

    @Override
    public ReaderServer.Opener reader(ServerLogin admin, String runId) {
        return of(admin).reader(admin, runId);
    }

    @Override
    public Barrier barrier(BarrierChoice choice, ServerLogin sourceAdmin, ServerLogin targetAdmin, String runId) {
        return of(sourceAdmin).barrier(choice, sourceAdmin, targetAdmin, runId);
    }

    @Override
    public CoordinatorSignals signals(ServerLogin admin, String runId) {
        return usual.signals(admin, runId);
    }
}
