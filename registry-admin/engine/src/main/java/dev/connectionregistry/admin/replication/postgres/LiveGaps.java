package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.CountChoice;
import dev.connectionregistry.admin.replication.RowGaps;
import dev.connectionregistry.admin.replication.postgres.follow.FollowReader;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription.TargetSubscription;
import dev.connectionregistry.admin.server.FollowedTables;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.server.TableSize;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts small tables on both servers while services write, and finds those whose rows differ although the target
 * follows, for instance after its slot was dropped and made again, which nothing else shows. For one thread.
 */
public final class LiveGaps {
    /** How long counting a table, or catching up, may take: anything slower shows on its own. */
    private static final Duration PART = Duration.ofSeconds(2);

    private final FollowReader reader;
    private final TableCounts source;
    private final TableCounts target;
    private final List<TargetSubscription> proven;

    /**
     * Between these two servers; {@code proven} are the subscriptions that are proven to follow; others are not looked
     * at.
     */
    public LiveGaps(Session source, Session target, Collection<ProvenSubscription> proven) {
        this.reader = new FollowReader(source, target);
        this.source = new TableCounts(source);
        this.target = new TableCounts(target);
        this.proven = proven.stream()
                .filter(ProvenSubscription::proven)
                .map(ProvenSubscription::subscription)
                .toList();
    }

    /** The tables that differ; none if that could not be found out within {@code bound}. */
    public List<RowGaps.Gap> look(Deadline bound) throws ServerException {
        if (proven.isEmpty()) {
            return List.of();
        }
        List<TableName> tables = choose(bound);
        RowGaps gaps = new RowGaps();
        for (int round = 0; round < RowGaps.ROUNDS && !tables.isEmpty(); round++) {
            Map<TableName, Long> before = source.count(tables, bound.left());
            if (!reader.awaitConfirmed(proven, bound.atMost(PART))) {
                return List.of();
            }
            Map<TableName, Long> there = target.count(tables, bound.left());
            gaps.round(before, there, source.count(tables, bound.left()));
            tables = gaps.open().stream().map(RowGaps.Gap::table).toList();
        }
        return gaps.open();
    }

    private List<TableName> choose(Deadline bound) throws ServerException {
        FollowedTables followed = target.followed(bound.left());
        Set<TableName> whole = source.published(followed.publications(), bound.left());
        List<TableSize> here = source.sizes(bound.left()).stream()
                .filter(each -> whole.contains(each.name()) && followed.tables().contains(each.name()))
                .toList();
        return CountChoice.of(here, target.sizes(bound.left())).counted();
    }
}
