package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;

/** The target knows what is in its tables. */
final class StatisticsCheck implements ServerCheck {
    private static final String TABLES =
            "SELECT pg_catalog.format('%I.%I', schemaname, relname), last_analyze IS NULL AND last_autoanalyze IS NULL"
                    + " FROM pg_catalog.pg_stat_user_tables WHERE pg_catalog.pg_relation_size(relid) > 65536"
                    + " ORDER BY pg_catalog.pg_relation_size(relid) DESC, relid";
    private static final String COPYING = "SELECT count(*) FROM pg_catalog.pg_subscription_rel WHERE srsubstate <> 'r'";

    @Override
    public About about() {
        return new About(
                "statistics",
                Group.DATA,
                "Without statistics the first minutes after the switch run with the worst plans.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<String> all = new ArrayList<>();
        List<String> without = new ArrayList<>();
        servers.target().query(TABLES, row -> {
            if (row.getBoolean(2)) {
                without.add(row.getString(1));
            }
            return all.add(row.getString(1));
        });
        long copying = servers.target().one(COPYING, row -> row.getLong(1));
        if (copying > 0) {
            return Finding.notYet(NameLists.count(copying, "table") + " still being copied");
        }
        if (all.isEmpty()) {
            return Finding.notYet("no table of the target has more than 64 kB");
        }
        return without.isEmpty()
                ? Finding.pass(NameLists.count(all.size(), "table") + " analysed")
                : Finding.warn(
                        NameLists.count(without.size(), "table") + " never analysed: " + NameLists.some(without),
                        Remedy.onTarget("VACUUM (ANALYZE);"));
    }
}
