package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.replication.RowGaps;
import dev.connectionregistry.admin.replication.postgres.LiveGaps;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;

/** Small tables have as many rows on the target as on the source. */
final class RowCountsCheck implements ServerCheck {
    @Override
    public About about() {
        return new About(
                "row-counts",
                Group.REPLICATION,
                "Rows that were written while a slot was dropped and made again never arrive, and no other figure shows it.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Feeds feeds = servers.feeds();
        if (feeds.proven().isEmpty()) {
            return Feeds.notYet();
        }
        List<RowGaps.Gap> gaps = servers.source().call((source, end) -> servers.target()
                .call((target, both) -> new LiveGaps(source, target, feeds.proven()).look(both)));
        return gaps.isEmpty()
                ? Finding.pass("no small table differs; replication verify compares the others")
                : Finding.fail(
                        RowGaps.words(gaps),
                        Feeds.verify(servers),
                        Remedy.advice(
                                "where rows are missing on the target, copy them again: replication stop, empty the tables"
                                        + " on the target, replication plan and start"));
    }
}
