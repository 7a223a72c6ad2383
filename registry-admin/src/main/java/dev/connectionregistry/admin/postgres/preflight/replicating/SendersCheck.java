package dev.connectionregistry.admin.postgres.preflight.replicating;

import dev.connectionregistry.admin.postgres.preflight.ground.ServerCheck;
import dev.connectionregistry.admin.postgres.preflight.ground.Servers;
import dev.connectionregistry.admin.postgres.preflight.ground.Side;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.server.ServerException;

/** The source has senders left. */
final class SendersCheck implements ServerCheck {
    private static final String TAKEN =
            "SELECT current_setting('max_wal_senders')::int, (SELECT count(*)::int FROM pg_catalog.pg_stat_replication)";
    private static final String COPIERS = "SELECT current_setting('max_sync_workers_per_subscription')::int";

    @Override
    public About about() {
        return new About(
                "wal-senders",
                Group.REPLICATION,
                "Each subscription takes a sender of the source, and one more for each table that is being copied.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        if (!servers.feeds().working().isEmpty()) {
            return Finding.pass("replication has what it needs");
        }
        int copiers = servers.target().one(COPIERS, row -> row.getInt(1));
        return servers.source()
                .one(
                        TAKEN,
                        row -> Room.judge(Side.SOURCE, "max_wal_senders", row.getInt(1), row.getInt(2), 1 + copiers));
    }
}
