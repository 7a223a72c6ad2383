package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The rows of tables that were taken in without a copy were brought: the first one by its key is looked for. */
final class BackfillCheck implements ServerCheck {
    /** Where a copy has ended the server notes its position. */
    private static final String LEFT_OUT = "SELECT " + CatalogSql.NAME + " FROM pg_catalog.pg_subscription_rel r"
            + " JOIN pg_catalog.pg_class c ON c.oid = r.srrelid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE r.srsubstate = 'r' AND r.srsublsn IS NULL" + CatalogSql.ORDER;

    private static final String KEY = "SELECT pg_catalog.quote_ident(a.attname),"
            + " pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_index i"
            + " CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
            + " WHERE i.indrelid = pg_catalog.to_regclass(?) AND i.indisprimary"
            + " AND k.place <= coalesce((to_jsonb(i) ->> 'indnkeyatts')::int, i.indnatts) ORDER BY k.place";

    private static final int LOOKS = 3;

    private record Column(String name, String type) {}

    @Override
    public About about() {
        return new About(
                "backfill",
                Group.DATA,
                "Rows that a person is to bring must be there before the switch: later, deleted ones would come back.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        if (servers.feeds().working().isEmpty()) {
            return Feeds.notYet();
        }
        List<String> tables = servers.target().texts(LEFT_OUT);
        List<String> missing = new ArrayList<>();
        for (String table : tables) {
            if (staysMissing(servers, table)) {
                missing.add(table);
            }
        }
        if (!missing.isEmpty()) {
            return Finding.fail(
                    NameLists.count(missing.size(), "table")
                            + " taken in without a copy, whose first row isn't on the target: "
                            + NameLists.some(missing),
                    Remedy.advice("bring the rows with the commands that replication plan prints"),
                    Feeds.plan(servers));
        }
        return Finding.pass(
                tables.isEmpty()
                        ? "every table was copied"
                        : NameLists.count(tables.size(), "table")
                                + " taken in without a copy, the first row of each is there; verify compares the others");
    }

    /** Looked for more than once: a first row may just have come, or gone. */
    private static boolean staysMissing(Servers servers, String table) throws ServerException {
        for (int look = 0; look < LOOKS; look++) {
            if (!isMissing(servers, table)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMissing(Servers servers, String table) throws ServerException {
        List<Column> key = servers.source().query(KEY, row -> new Column(row.getString(1), row.getString(2)), table);
        if (key.isEmpty()) {
            return servers.source().is("SELECT EXISTS (SELECT FROM " + table + ")")
                    && servers.target().is("SELECT NOT EXISTS (SELECT FROM " + table + ")");
        }
        String names = key.stream().map(Column::name).collect(Collectors.joining(", "));
        List<List<String>> first = servers.source()
                .query(
                        "SELECT "
                                + key.stream()
                                        .map(each -> each.name() + "::text")
                                        .collect(Collectors.joining(", ")) + " FROM " + table + " ORDER BY " + names
                                + " LIMIT 1",
                        row -> {
                            List<String> values = new ArrayList<>();
                            for (int i = 1; i <= key.size(); i++) {
                                values.add(row.getString(i));
                            }
                            return values;
                        });
        return !first.isEmpty()
                && servers.target().is(isNotThere(table, key), first.get(0).toArray());
    }

    private static String isNotThere(String table, List<Column> key) {
        return "SELECT NOT EXISTS (SELECT FROM " + table + " WHERE "
                + key.stream()
                        .map(each -> each.name() + " = CAST(?::text AS " + each.type() + ")")
                        .collect(Collectors.joining(" AND "))
                + ")";
    }
}
