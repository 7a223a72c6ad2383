package dev.connectionregistry.admin.cli.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.admin.preflight.postgres.PostgresChecks;
import dev.connectionregistry.admin.replication.server.ReplicationServers;

/** Binds the Postgres servers of a cutover, and of the checks before it. */
public final class ServersModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(CutoverServers.class).to(PostgresCutoverServers.class);
        install(new CheckModule());
        bind(ReplicationServers.class).to(PostgresReplicationServers.class);
    }

    @Provides
    ServerChecks checks(Logins logins) {
        return new PostgresChecks(logins::of);
    }
}
