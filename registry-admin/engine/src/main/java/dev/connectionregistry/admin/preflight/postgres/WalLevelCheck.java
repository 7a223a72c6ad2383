package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Decoding;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.List;
import java.util.Map;

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
                        "wal-level",
                        Group.REPLICATION,
                        "Only a log with wal_level = logical (from Postgres 19 on also replica) can be replicated from.")
                : new About(
                        "wal-level-target",
                        Group.REPLICATION,
                        "The way back replicates from the target; changing its wal_level later takes a restart.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Map<String, String> settings = servers.on(side).map(Decoding.SETTINGS);
        if (Decoding.isPossible(settings)) {
            return Finding.pass(Decoding.words(settings));
        }
        String message = Decoding.words(settings) + " on the " + servers.on(side);
        List<Remedy> remedies = List.of(
                Remedy.on(side, "ALTER SYSTEM SET wal_level = logical;"),
                Remedy.advice("restart it after that (on RDS: rds.logical_replication = 1 in the parameter group)"));
        return side == Side.SOURCE ? Finding.fail(message, remedies) : Finding.warn(message, remedies);
    }
}
