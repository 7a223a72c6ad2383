package dev.connectionregistry.internal;

import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.PoolSettings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** No pools at all; a test overrides what it looks at. */
class NoGenerations implements Generations {
    @Override
    public void open(long generation, long version, ConnectionSettings settings, AcceptedPrimary accepts) {}

    @Override
    public void abandon(long generation, String cause) {}

    @Override
    public void publish(long generation) {}

    @Override
    public void retire(long generation, Duration grace) {}

    @Override
    public void hold(long generation, String run) {}

    @Override
    public void release(long generation, AcceptedPrimary accepts) {}

    @Override
    public void replaceFenced(long generation, AcceptedPrimary accepts) {}

    @Override
    public void resize(long generation, PoolSettings settings) {}

    @Override
    public void sample() {}

    @Override
    public PoolFigures figures() {
        return PoolFigures.NONE;
    }

    @Override
    public long cutConnections() {
        return 0;
    }

    @Override
    public CompletableFuture<Void> closeAll(Duration grace) {
        return CompletableFuture.completedFuture(null);
    }
}
