package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;

/** The target has room for everyone. */
final class TargetConnectionsCheck implements ServerCheck {
    private static final String ROOM = "SELECT current_setting('max_connections')::int"
            + " - current_setting('superuser_reserved_connections')::int"
            + " - (SELECT count(*)::int FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'),"
            + " (SELECT datconnlimit FROM pg_catalog.pg_database WHERE datname = current_database()),"
            + " coalesce((SELECT rolconnlimit FROM pg_catalog.pg_roles WHERE rolname = ?), -1)";

    @Override
    public About about() {
        return new About(
                "target-connections",
                Group.SERVERS,
                "While the fleet moves, every instance has a pool on both servers; one that finds no connection stops the move.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        int wanted = servers.subject().fleetConnections();
        String role = servers.subject().pair().targetSettings().username();
        return servers.target()
                .one(
                        ROOM,
                        row -> judge(
                                wanted,
                                row.getInt(1),
                                limit(row.getInt(2)),
                                limit(row.getInt(3)),
                                servers.target(),
                                role),
                        role);
    }

    private static int limit(int value) {
        return value < 0 ? Integer.MAX_VALUE : value;
    }

    private static Finding judge(int wanted, int free, int ofDatabase, int ofRole, Server target, String role) {
        String fleet = "the pools of the live instances may open " + NameLists.count(wanted, "connection");
        if (wanted > free) {
            return Finding.fail(
                    fleet + "; the target has " + free + " free",
                    Remedy.onTarget("ALTER SYSTEM SET max_connections = " + (wanted + 100) + ";"),
                    Remedy.advice("restart the target after that, or make the pools smaller with set-pool"));
        }
        if (wanted > ofDatabase) {
            return Finding.fail(
                    fleet + "; the target's database allows " + ofDatabase,
                    Remedy.onTarget("ALTER DATABASE " + target.database() + " CONNECTION LIMIT -1;"));
        }
        return wanted > ofRole
                ? Finding.fail(
                        fleet + "; the target allows " + ofRole + " to the services' role",
                        Remedy.onTarget("ALTER ROLE " + SqlText.identifier(role) + " CONNECTION LIMIT -1;"))
                : Finding.pass(fleet + "; the target has " + free + " free");
    }
}
