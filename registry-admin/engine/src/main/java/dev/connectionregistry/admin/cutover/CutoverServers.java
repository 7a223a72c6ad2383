package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.fence.ObservedFence;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import java.time.Duration;

/** Makes what a run needs of the two servers. Nothing is contacted before it is used. Thread-safe. */
public interface CutoverServers {
    /** Opens sessions on the source as {@code admin}; {@code services} is the role whose writes the fence must refuse. */
    SourceServer.Opener source(ServerLogin admin, ServerLogin services, String runId);

    /**
     * What is seen of a fence on a server; takes no lock and changes nothing.
     *
     * @throws ServerException if the server can't be asked within {@code bound}, saying why
     */
    ObservedFence fence(ServerLogin admin, String runId, Duration bound) throws ServerException;

    /** Opens sessions on the target. */
    TargetServer.Opener target(ServerLogin admin, String runId);

    /** Opens sessions on one host of a server from which a name only reads. */
    ReaderServer.Opener reader(ServerLogin admin, String runId);

    /** A barrier between the two; the caller closes it. */
    Barrier barrier(BarrierChoice choice, ServerLogin sourceAdmin, ServerLogin targetAdmin, String runId);

    /** Signals over the run's channel on the target; the caller closes them. */
    CoordinatorSignals signals(ServerLogin admin, String runId);
}
