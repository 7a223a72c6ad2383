package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.preflight.postgres.Servers.Both;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Checks what in the data gets in the way. */
final class DataChecks {
    private DataChecks() {}

    private static final String LARGE_OBJECTS =
            "SELECT count(*), coalesce(sum(oid::bigint), 0)::text FROM pg_catalog.pg_largeobject_metadata";

    /** How many large objects there are, and the sum of their oids, by which rows refer to them. */
    record LargeObjects(long count, String numbers) {
        static LargeObjects read(Server server) throws ServerException {
            return server.one(LARGE_OBJECTS, row -> new LargeObjects(row.getLong(1), row.getString(2)));
        }
    }

    static Finding largeObjects(Both<LargeObjects> objects) {
        LargeObjects source = objects.source();
        LargeObjects target = objects.target();
        if (source.count() == 0) {
            return Finding.pass("none");
        }
        return source.equals(target)
                ? Finding.warn(
                        source.count() + " on both, with the same oids; their contents aren't compared",
                        Remedy.advice("carry them over when nobody changes them any more, or let their owner compare"))
                : Finding.fail(
                        source.count() + " on the source, " + target.count() + " on the target"
                                + (source.count() == target.count() ? ", with different oids" : ""),
                        Remedy.advice("carry them over with pg_dump --large-objects (--blobs before 16) while nobody"
                                + " changes them, or move them into bytea columns first"),
                        Remedy.advice("or do without them, with --skip-check large-objects"));
    }

    private static final long WARN_AGE = 500_000_000;
    private static final long FAIL_AGE = 1_600_000_000;
    private static final String OLDEST = """
            SELECT datname, pg_catalog.age(datfrozenxid)::bigint, pg_catalog.mxid_age(datminmxid)::bigint
            FROM pg_catalog.pg_database
            WHERE datallowconn
            ORDER BY greatest(pg_catalog.age(datfrozenxid), pg_catalog.mxid_age(datminmxid)) DESC
            LIMIT 1
            """;

    /** How far a database is from its last freeze, in transactions and in multixacts. */
    record Age(String database, long transactions, long multixacts) {
        static Age read(Servers servers) throws ServerException {
            return servers.source().one(OLDEST, row -> new Age(row.getString(1), row.getLong(2), row.getLong(3)));
        }
    }

    static Finding wraparound(Age oldest) {
        String message = "the oldest is database " + Sql.identifier(oldest.database()) + ": "
                + oldest.transactions() / 1_000_000 + " million transactions, " + oldest.multixacts() / 1_000_000
                + " million multixacts, of 2100";
        long age = Math.max(oldest.transactions(), oldest.multixacts());
        if (age < WARN_AGE) {
            return Finding.pass(message);
        }
        Remedy vacuum = Remedy.onSource("VACUUM (FREEZE, VERBOSE);");
        Remedy where =
                Remedy.advice("in that database, before the copy begins; and look for long transactions, prepared"
                        + " ones and slots that hold it back");
        return age < FAIL_AGE ? Finding.warn(message, vacuum, where) : Finding.fail(message, vacuum, where);
    }

    private static final String ANALYZED = """
            SELECT pg_catalog.format('%I.%I', schemaname, relname), last_analyze IS NULL AND last_autoanalyze IS NULL
            FROM pg_catalog.pg_stat_user_tables
            WHERE pg_catalog.pg_relation_size(relid) > 65536
            ORDER BY pg_catalog.pg_relation_size(relid) DESC, relid
            """;

    /** Large tables of the target, those without statistics, and how many tables are still being copied. */
    record Statistics(List<String> tables, List<String> without, long copying) {
        static Statistics read(Servers servers) throws ServerException {
            List<String> without = new ArrayList<>();
            List<String> tables = servers.target().query(ANALYZED, row -> {
                if (row.getBoolean(2)) {
                    without.add(row.getString(1));
                }
                return row.getString(1);
            });
            return new Statistics(
                    tables, without, servers.target().one(ReplicationChecks.COPYING, row -> row.getLong(1)));
        }
    }

    static Finding statistics(Statistics statistics) {
        if (statistics.copying() > 0) {
            return Finding.notYet(NameLists.count(statistics.copying(), "table") + " still being copied");
        }
        if (statistics.tables().isEmpty()) {
            return Finding.notYet("no table of the target has more than 64 kB");
        }
        List<String> without = statistics.without();
        return without.isEmpty()
                ? Finding.pass(NameLists.count(statistics.tables().size(), "table") + " analysed")
                : Finding.warn(
                        NameLists.count(without.size(), "table") + " never analysed: " + NameLists.some(without),
                        Remedy.onTarget("VACUUM (ANALYZE);"));
    }

    /** When a copy has ended, the server notes its position. */
    private static final String NOT_COPIED = CatalogSql.sql("""
            SELECT {name}
            FROM pg_catalog.pg_subscription_rel r
            JOIN ({relations}) ON c.oid = r.srrelid
            WHERE r.srsubstate = 'r' AND r.srsublsn IS NULL
            ORDER BY {by name}
            """);

    private static final String KEY = """
            SELECT pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod)
            FROM pg_catalog.pg_index i
            CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
            WHERE i.indrelid = pg_catalog.to_regclass(?) AND i.indisprimary
              AND k.place <= coalesce((to_jsonb(i) ->> 'indnkeyatts')::int, i.indnatts)
            ORDER BY k.place
            """;

    private static final int LOOKS = 3;

    /** Tables that were added without a copy, and those whose first row by key isn't on the target. */
    record Backfill(List<String> tables, List<String> missing) {
        private record Column(String name, String type) {}

        static Backfill read(Servers servers) throws ServerException {
            List<String> tables = servers.target().texts(NOT_COPIED);
            List<String> missing = new ArrayList<>();
            for (String table : tables) {
                if (staysMissing(servers, table)) {
                    missing.add(table);
                }
            }
            return new Backfill(tables, missing);
        }

        /** Looks more than once: a first row may just have been inserted or deleted. */
        private static boolean staysMissing(Servers servers, String table) throws ServerException {
            for (int look = 0; look < LOOKS; look++) {
                if (!isMissing(servers, table)) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isMissing(Servers servers, String table) throws ServerException {
            List<Column> key =
                    servers.source().query(KEY, row -> new Column(row.getString(1), row.getString(2)), table);
            if (key.isEmpty()) {
                return servers.source().is("SELECT EXISTS (SELECT FROM " + table + ")")
                        && servers.target().is("SELECT NOT EXISTS (SELECT FROM " + table + ")");
            }
            List<List<String>> first = servers.source().query(firstRow(table, key), row -> {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= key.size(); i++) {
                    values.add(row.getString(i));
                }
                return values;
            });
            return !first.isEmpty()
                    && servers.target().is(isNotThere(table, key), first.get(0).toArray());
        }

        private static String firstRow(String table, List<Column> key) {
            String texts = key.stream().map(each -> each.name() + "::text").collect(Collectors.joining(", "));
            String names = key.stream().map(Column::name).collect(Collectors.joining(", "));
            return String.format(Locale.ROOT, """
                    SELECT %s
                    FROM %s
                    ORDER BY %s
                    LIMIT 1
                    """, texts, table, names);
        }

        private static String isNotThere(String table, List<Column> key) {
            String same = key.stream()
                    .map(each -> each.name() + " = CAST(?::text AS " + each.type() + ")")
                    .collect(Collectors.joining(" AND "));
            return "SELECT NOT EXISTS (SELECT FROM " + table + " WHERE " + same + ")";
        }
    }

    static Finding backfill(Backfill backfill, Subject subject) {
        List<String> missing = backfill.missing();
        if (!missing.isEmpty()) {
            return Finding.fail(
                    NameLists.count(missing.size(), "table")
                            + " added without a copy, whose first row isn't on the target: "
                            + NameLists.some(missing),
                    Remedy.advice("copy the rows with the commands that replication plan prints"),
                    subject.plan());
        }
        List<String> tables = backfill.tables();
        return Finding.pass(
                tables.isEmpty()
                        ? "every table was copied"
                        : NameLists.count(tables.size(), "table")
                                + " added without a copy; the first row of each is on the target, verify compares the"
                                + " others");
    }
}
