package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.OldServer;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;

/** Waits for nothing, and says so: for data that is on both servers anyway. Immutable. */
final class NoBarrier implements Barrier {
    @Override
    public String describe() {
        return "NOTHING: what the new server lacks when the old one is fenced is lost";
    }

    @Override
    public void check(Duration bound) {}

    @Override
    public String await(OldServer old, Duration bound) throws ServerException {
        return old.walPosition(bound) + ", not waited for";
    }

    @Override
    public void close() {}
}
