package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;

/** The source has slots, or senders, left. */
final class SourceRoomCheck implements ServerCheck {
    private static final String COPIERS = "SELECT current_setting('max_sync_workers_per_subscription')::int";

    private final About about;
    private final String setting;
    private final String taken;

    private SourceRoomCheck(String name, String what, String setting, String view) {
        this.about = new About(
                name,
                Group.REPLICATION,
                "Each subscription takes a " + what
                        + " of the source, and one more for each table that is being copied.");
        this.setting = setting;
        this.taken =
                "SELECT current_setting('" + setting + "')::int, (SELECT count(*)::int FROM pg_catalog." + view + ")";
    }

    static SourceRoomCheck ofSlots() {
        return new SourceRoomCheck("replication-slots", "slot", "max_replication_slots", "pg_replication_slots");
    }

    static SourceRoomCheck ofSenders() {
        return new SourceRoomCheck("wal-senders", "sender", "max_wal_senders", "pg_stat_replication");
    }

    @Override
    public About about() {
        return about;
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        if (!servers.feeds().working().isEmpty()) {
            return Finding.pass("replication has what it needs");
        }
        int copiers = servers.target().one(COPIERS, row -> row.getInt(1));
        return servers.source()
                .one(taken, row -> Capacity.judge(Side.SOURCE, setting, row.getInt(1), row.getInt(2), 1 + copiers));
    }
}
