package dev.connectionregistry.admin.postgres.preflight.replicating;

import dev.connectionregistry.admin.postgres.preflight.ground.ServerCheck;
import dev.connectionregistry.admin.postgres.preflight.ground.Servers;
import dev.connectionregistry.admin.postgres.preflight.ground.Side;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;

/** One of the servers writes a log that can be decoded. */
final class WalLevelCheck implements ServerCheck {
    private final Side side;

    WalLevelCheck(Side side) {
        this.side = side;
    }

    @Override
    public About about() {
        return side == Side.SOURCE
                ? new About(
                        "wal-level", Group.REPLICATION, "Only a log with wal_level = logical can be replicated from.")
                : new About(
                        "wal-level-target",
                        Group.REPLICATION,
                        "The way back replicates from the target; changing its wal_level later takes a restart.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        String level = servers.on(side).one("SELECT current_setting('wal_level')", row -> row.getString(1));
        if (level.equals("logical")) {
            return Finding.pass("wal_level is logical");
        }
        String message = "wal_level is " + level + " on the " + servers.on(side);
        List<Remedy> remedies = List.of(
                side.remedy("ALTER SYSTEM SET wal_level = logical;"),
                Remedy.advice("restart it after that (on RDS: rds.logical_replication = 1 in the parameter group)"));
        return side == Side.SOURCE ? Finding.fail(message, remedies) : Finding.warn(message, remedies);
    }
}
