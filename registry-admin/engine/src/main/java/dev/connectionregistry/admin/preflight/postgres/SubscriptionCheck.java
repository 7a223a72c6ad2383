package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.replication.postgres.BlockedWorkers;
import dev.connectionregistry.admin.replication.status.BlockedWorker;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Every subscription is at work, and every table follows. */
final class SubscriptionCheck implements ServerCheck {
    private static final String WORKING =
            "SELECT DISTINCT subname FROM pg_catalog.pg_stat_subscription" + " WHERE relid IS NULL AND pid IS NOT NULL";
    private static final String NOT_READY = "SELECT " + CatalogSql.NAME + " || ' (' || CASE r.srsubstate WHEN 'i' THEN"
            + " 'not begun' WHEN 'd' THEN 'being copied' WHEN 'f' THEN 'copied' WHEN 's' THEN 'catching up'"
            + " ELSE r.srsubstate::text END || ')' FROM pg_catalog.pg_subscription_rel r"
            + " JOIN pg_catalog.pg_class c ON c.oid = r.srrelid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE r.srsubstate <> 'r'" + CatalogSql.ORDER;

    @Override
    public About about() {
        return new About(
                "subscription",
                Group.REPLICATION,
                "What the target does not follow, or follows on another server, it does not have after the switch.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Feeds feeds = servers.feeds();
        if (feeds.none()) {
            return Feeds.notYet(Feeds.plan(servers), Feeds.start(servers));
        }
        Set<String> working = new TreeSet<>(servers.target().texts(WORKING));
        List<String> wrong = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        for (Feeds.Feed feed : feeds.working()) {
            look(feed, working, wrong, remedies);
        }
        for (Feeds.Feed feed : feeds.strangers()) {
            String name = SqlText.identifier(feed.subscription());
            wrong.add(name + " " + feed.following().why());
            remedies.add(
                    Remedy.advice("if this is the wrong target, name the right one; if the target is to have those rows"
                            + " as well, a cutover must be told which subscription counts (cutover --slot), else:"));
            remedies.add(Remedy.onTarget("ALTER SUBSCRIPTION " + name + " DISABLE;"));
        }
        for (Feeds.Feed feed : feeds.orphans()) {
            wrong.add(SqlText.identifier(feed.subscription()) + " has no slot on the source");
            remedies.add(Feeds.stop(servers));
        }
        for (BlockedWorker each : servers.target()
                .call((session, end) -> BlockedWorkers.workers(session, end).all())) {
            wrong.add(each.text());
            remedies.add(Remedy.advice(each.remedy()));
        }
        List<String> copying = servers.target().texts(NOT_READY);
        return wrong.isEmpty() ? progress(feeds, copying) : Finding.fail(String.join("; ", wrong), remedies);
    }

    private static void look(Feeds.Feed feed, Set<String> working, List<String> wrong, List<Remedy> remedies) {
        String name = SqlText.identifier(feed.subscription());
        if (!feed.enabled()) {
            wrong.add(name + " is disabled");
            remedies.add(Remedy.onTarget("ALTER SUBSCRIPTION " + name + " ENABLE;"));
        } else if (!working.contains(feed.subscription())) {
            wrong.add(name + " has no worker");
            remedies.add(Remedy.advice("look into the target's log for what ends the worker of subscription " + name));
        } else if (!feed.following().proven()) {
            wrong.add(name + " " + feed.following().why());
            remedies.add(Remedy.advice("look again once it has caught up; and into the target's log, if it doesn't"));
        }
    }

    private static Finding progress(Feeds feeds, List<String> copying) {
        return copying.isEmpty()
                ? Finding.pass(
                        NameLists.count(feeds.working().size(), "subscription") + " at work, every table follows")
                : Finding.notYet(NameLists.count(copying.size(), "table") + " on the way: " + NameLists.some(copying));
    }
}
