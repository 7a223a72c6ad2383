package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;

/** Waits for nothing, and says so: for data that is on both servers anyway. Immutable. */
final class NoBarrier implements Barrier {
    @Override
    public String describe() {
        return "NOTHING: what the target lacks when the source is fenced is lost";
    }

    @Override
    public void check(Duration bound) {}

    @Override
    public String await(SourceServer source, Duration bound) throws ServerException {
        return source.walPosition(bound) + ", not waited for";
    }

    @Override
    public void close() {}
}
