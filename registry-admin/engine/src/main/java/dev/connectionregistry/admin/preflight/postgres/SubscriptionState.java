package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.replication.postgres.BlockedWorkers;
import dev.connectionregistry.admin.replication.status.BlockedWorker;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The state of the subscriptions.
 *
 * @param feeds the subscriptions
 * @param atWork the names of those that have a worker
 * @param blocked workers that wait for a lock
 * @param copying tables that aren't in sync yet, with their state
 */
record SubscriptionState(Feeds feeds, Set<String> atWork, List<BlockedWorker> blocked, List<String> copying) {
    private static final String AT_WORK = """
            SELECT DISTINCT subname FROM pg_catalog.pg_stat_subscription WHERE relid IS NULL AND pid IS NOT NULL
            """;
    private static final String NOT_READY = CatalogSql.sql("""
            SELECT {name} || ' (' || CASE r.srsubstate
                   WHEN 'i' THEN 'not begun'
                   WHEN 'd' THEN 'being copied'
                   WHEN 'f' THEN 'copied'
                   WHEN 's' THEN 'catching up'
                   ELSE r.srsubstate::text END || ')'
            FROM pg_catalog.pg_subscription_rel r
            JOIN ({relations}) ON c.oid = r.srrelid
            WHERE r.srsubstate <> 'r'
            ORDER BY {by name}
            """);

    static SubscriptionState read(Servers servers) throws ServerException {
        Feeds feeds = servers.feeds();
        return feeds.none()
                ? new SubscriptionState(feeds, Set.of(), List.of(), List.of())
                : new SubscriptionState(
                        feeds,
                        new TreeSet<>(servers.target().texts(AT_WORK)),
                        servers.target().call((session, end) -> BlockedWorkers.workers(session, end)
                                .all()),
                        servers.target().texts(NOT_READY));
    }

    Finding judge(Subject subject) {
        if (feeds.none()) {
            return Finding.notYet(
                    "no subscription of the target reads from the source", subject.plan(), subject.start());
        }
        List<String> wrong = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        feeds.working().forEach(each -> working(each, wrong, remedies));
        for (Feeds.Feed feed : feeds.strangers()) {
            String name = Sql.identifier(feed.subscription());
            wrong.add(name + " " + feed.following().why());
            remedies.add(
                    Remedy.advice("if this is the wrong target, name the right one; if the target should have those"
                            + " rows as well, a cutover must be told which subscription counts (cutover --slot),"
                            + " else:"));
            remedies.add(Remedy.onTarget("ALTER SUBSCRIPTION " + name + " DISABLE;"));
        }
        for (Feeds.Feed feed : feeds.orphans()) {
            wrong.add(Sql.identifier(feed.subscription()) + " has no slot on the source");
            remedies.add(subject.stop());
        }
        for (BlockedWorker each : blocked) {
            wrong.add(each.text());
            remedies.add(Remedy.advice(each.remedy()));
        }
        return wrong.isEmpty() ? progress() : Finding.fail(String.join("; ", wrong), remedies);
    }

    private void working(Feeds.Feed feed, List<String> wrong, List<Remedy> remedies) {
        String name = Sql.identifier(feed.subscription());
        if (!feed.enabled()) {
            wrong.add(name + " is disabled");
            remedies.add(Remedy.onTarget("ALTER SUBSCRIPTION " + name + " ENABLE;"));
        } else if (!atWork.contains(feed.subscription())) {
            wrong.add(name + " has no worker");
            remedies.add(Remedy.advice("look into the target's log for what ends the worker of subscription " + name));
        } else if (!feed.following().proven()) {
            wrong.add(name + " " + feed.following().why());
            remedies.add(Remedy.advice("look again once it has caught up; and into the target's log, if it doesn't"));
        }
    }

    private Finding progress() {
        return copying.isEmpty()
                ? Finding.pass(
                        NameLists.count(feeds.working().size(), "subscription") + " at work, every table follows")
                : Finding.notYet(NameLists.count(copying.size(), "table") + " on the way: " + NameLists.some(copying));
    }
}
