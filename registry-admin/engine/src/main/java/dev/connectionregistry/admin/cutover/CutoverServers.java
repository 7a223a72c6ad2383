package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.fence.FenceSeen;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import java.time.Duration;

/** Makes what a run needs of the two servers. Nothing is contacted before it is used. Thread-safe. */
public interface CutoverServers {
    /** Opens sessions on the old server as {@code admin}; {@code services} is the role whose writes the fence must refuse. */
    OldServer.Opener old(ServerLogin admin, ServerLogin services, String runId);

    /**
     * What is seen of a fence on a server; takes no lock and changes nothing.
     *
     * @throws ServerException if it can't be asked within {@code bound}, saying why
     */
    FenceSeen fence(ServerLogin admin, String runId, Duration bound) throws ServerException;

    /** Opens sessions on the new server. */
    NewServer.Opener fresh(ServerLogin admin, String runId);

    /** A barrier between the two; the caller closes it. */
    Barrier barrier(BarrierChoice choice, ServerLogin oldAdmin, ServerLogin newAdmin, String runId);

    /** Hints over the run's channel on the new server; the caller closes them. */
    Signals signals(ServerLogin admin, String runId);
}
