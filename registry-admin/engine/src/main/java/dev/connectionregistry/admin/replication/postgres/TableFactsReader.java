package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.plan.IdentityFix;
import dev.connectionregistry.admin.replication.plan.RowIdentity;
import dev.connectionregistry.admin.replication.plan.TableFacts;
import dev.connectionregistry.admin.replication.plan.TableFacts.KeyColumn;
import dev.connectionregistry.admin.replication.plan.TableFacts.Kind;
import dev.connectionregistry.admin.replication.plan.TableFacts.WriteCounts;
import dev.connectionregistry.admin.replication.postgres.RowIdentityReader.Identified;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the facts about every table, with one query for every version from 10 on. */
public final class TableFactsReader {
    private static final String ROOTS = """
            WITH RECURSIVE up AS (
              SELECT i.inhrelid AS leaf, i.inhparent AS above
              FROM pg_catalog.pg_inherits i
              JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition
              UNION ALL
              SELECT up.leaf, i.inhparent
              FROM up
              JOIN pg_catalog.pg_class c ON c.oid = up.above AND c.relispartition
              JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.above
            ),
            root AS (
              SELECT up.leaf, n.nspname, c.relname
              FROM up
              JOIN pg_catalog.pg_class c ON c.oid = up.above AND NOT c.relispartition
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            )
            """;
    /** From 11 on an index may include columns that aren't part of the key. */
    private static final String KEY = """
            FROM pg_catalog.pg_index i
            CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
            LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation
              AND o.collnamespace <> 'pg_catalog'::regnamespace
            WHERE i.indrelid = c.oid
              AND i.indisprimary
              AND i.indisvalid
              AND i.indimmediate
              AND k.place <= coalesce((to_jsonb(i) ->> 'indnkeyatts')::int, i.indnatts)
            ORDER BY k.place
            """;

    private static final String TABLES = ROOTS + """
            SELECT n.nspname, c.relname, c.relkind::text, c.relpersistence::text, root.nspname, root.relname,
              CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_table_size(c.oid) ELSE 0 END,
              CASE WHEN c.relkind = 'p' THEN 0 ELSE greatest(c.reltuples, s.n_live_tup, 0)::bigint END,
              coalesce(s.n_tup_ins, 0), coalesce(s.n_tup_upd, 0), coalesce(s.n_tup_del, 0),
              ARRAY(
                SELECT a.attname::text
                ${KEY}
              ),
              ARRAY(
                SELECT pg_catalog.format_type(a.atttypid, NULL) || coalesce(' collate ' || o.collname, '')
                ${KEY}
              ),
              ARRAY(
                SELECT a.attname::text
                FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = c.oid
                  AND a.attnum > 0
                  AND NOT a.attisdropped
                  AND coalesce(to_jsonb(a) ->> 'attgenerated', '') = ''
                ORDER BY a.attnum
              ),
              c.relrowsecurity,
              ARRAY(
                SELECT p.pubname::text
                FROM pg_catalog.pg_publication_rel r
                JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
                WHERE r.prrelid = c.oid AND (p.pubupdate OR p.pubdelete) AND to_jsonb(r) ->> 'prattrs' IS NOT NULL
                ORDER BY 1
              )
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN root ON root.leaf = c.oid
            LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
            WHERE c.relkind IN ('r', 'p', 'f')
              AND c.relpersistence <> 't'
              AND n.nspname !~ '^pg_'
              AND n.nspname <> 'information_schema'
              AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
              )
            ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C"
            """.replace("${KEY}", KEY);

    private static final String OF_EXTENSIONS = """
            SELECT n.nspname, c.relname, e.extname
            FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
            JOIN pg_catalog.pg_class c ON c.oid = d.objid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE d.classid = 'pg_catalog.pg_class'::regclass
              AND d.refclassid = 'pg_catalog.pg_extension'::regclass
              AND d.deptype = 'e'
              AND c.relkind IN ('r', 'p', 'f')
            """;

    private static final String COUNTING = """
            SELECT extract(epoch FROM pg_catalog.now() - d.stats_reset)::bigint
            FROM pg_catalog.pg_stat_database d
            WHERE d.datname = current_database() AND d.stats_reset IS NOT NULL
            """;

    /** Foreign tables have no identity. */
    private static final Identified NOTHING = new Identified("", RowIdentity.NONE, IdentityFix.NONE);

    private final Session session;

    /** Reads over {@code session}, which the caller closes. */
    public TableFactsReader(Session session) {
        this.session = session;
    }

    /** Every table except those of the system, of extensions and of a session, by schema and name. */
    public List<TableFacts> tables(Duration bound) throws ServerException {
        return session.call("read the tables", Remedies.NONE, bound, end -> {
            Map<TableName, Identified> identities = RowIdentityReader.all(session, end);
            return session.query(end, TABLES, row -> facts(row, identities));
        });
    }

    /** The tables that belong to extensions, each with its extension's name. */
    public Map<TableName, String> ofExtensions(Duration bound) throws ServerException {
        Map<TableName, String> tables = new TreeMap<>();
        return session.call("read the extensions' tables", Remedies.NONE, bound, end -> {
            session.query(
                    end,
                    OF_EXTENSIONS,
                    row -> tables.put(new TableName(row.getString(1), row.getString(2)), row.getString(3)));
            return tables;
        });
    }

    /** How long ago the statistics were reset; empty if they never were. */
    public Optional<Duration> counting(Duration bound) throws ServerException {
        return session
                .ask(
                        "ask since when the statistics count",
                        bound,
                        COUNTING,
                        row -> Duration.ofSeconds(Math.max(0, row.getLong(1))))
                .stream()
                .findFirst();
    }

    private static TableFacts facts(ResultSet row, Map<TableName, Identified> identities) throws SQLException {
        String rootSchema = row.getString(5);
        List<KeyColumn> key = key(texts(row.getArray(12)), texts(row.getArray(13)));
        TableName name = new TableName(row.getString(1), row.getString(2));
        Identified identified = identities.getOrDefault(name, NOTHING);
        return new TableFacts(
                name,
                kind(row.getString(3), row.getString(4)),
                rootSchema == null ? Optional.empty() : Optional.of(new TableName(rootSchema, row.getString(6))),
                row.getLong(7),
                row.getLong(8),
                new WriteCounts(row.getLong(9), row.getLong(10), row.getLong(11)),
                identified.identity(),
                key,
                texts(row.getArray(14)),
                row.getBoolean(15),
                Map.of(),
                texts(row.getArray(16)),
                identified.fix());
    }

    private static Kind kind(String kind, String persistence) {
        if (kind.equals("f")) {
            return Kind.FOREIGN;
        }
        if (kind.equals("p")) {
            return Kind.PARTITIONED;
        }
        return persistence.equals("u") ? Kind.UNLOGGED : Kind.TABLE;
    }

    private static List<KeyColumn> key(List<String> names, List<String> types) {
        List<KeyColumn> key = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            key.add(new KeyColumn(names.get(i), types.get(i)));
        }
        return key;
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
