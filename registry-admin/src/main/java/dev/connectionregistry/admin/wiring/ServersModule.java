package dev.connectionregistry.admin.wiring;

import com.google.inject.AbstractModule;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.replication.server.ReplicationServers;

/** The Postgres servers of a cutover. */
public final class ServersModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(CutoverServers.class).to(PostgresCutoverServers.class);
        install(new CheckModule());
        bind(ReplicationServers.class).to(PostgresReplicationServers.class);
    }
}
