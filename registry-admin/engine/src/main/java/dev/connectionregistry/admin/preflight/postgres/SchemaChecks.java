package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SchemaReader;
import dev.connectionregistry.admin.postgres.TriggerStates;
import dev.connectionregistry.admin.postgres.TriggerStates.Trigger;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.preflight.postgres.Servers.Both;
import dev.connectionregistry.admin.server.SchemaDifference;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.admin.server.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Checks what in the schema gets in the way. */
final class SchemaChecks {
    private static final int SHOWN = 10;

    private SchemaChecks() {}

    static List<String> definitions(Server server) throws ServerException {
        return new SchemaReader(server.session()).lines(server.left());
    }

    static Finding schema(Both<List<String>> definitions) {
        List<String> differences = SchemaDifference.between(definitions.source(), definitions.target(), SHOWN);
        return differences.isEmpty()
                ? Finding.pass("the same " + definitions.source().size() + " definitions on both")
                : Finding.fail(
                        String.join("; ", differences),
                        Remedy.advice(
                                "bring the missing definitions over (pg_dump --schema-only shows them), and change"
                                        + " no schema until the move is done"));
    }

    private static final String INSTALLED = "SELECT extname, extversion FROM pg_catalog.pg_extension";
    private static final String AVAILABLE = "SELECT name, default_version FROM pg_catalog.pg_available_extensions";

    /** Extensions with their versions: those that are installed, and those that the target could install. */
    record Extensions(Map<String, String> source, Map<String, String> target, Map<String, String> available) {
        static Extensions read(Servers servers) throws ServerException {
            return new Extensions(
                    servers.source().map(INSTALLED),
                    servers.target().map(INSTALLED),
                    servers.target().map(AVAILABLE));
        }
    }

    static Finding extensions(Extensions extensions) {
        List<String> missing = new ArrayList<>();
        List<String> others = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        extensions.source().forEach((name, version) -> {
            String there = extensions.target().get(name);
            if (there == null) {
                missing.add(name + " " + version);
                remedies.add(install(name, extensions.available().containsKey(name)));
            } else if (!there.equals(version)) {
                others.add(name + " " + version + " (target: " + there + ")");
                if (!there.equals(extensions.available().get(name))) {
                    remedies.add(Remedy.onTarget("ALTER EXTENSION " + Sql.identifier(name) + " UPDATE;"));
                }
            }
        });
        String also = others.isEmpty() ? "" : "different versions: " + NameLists.some(others);
        if (!missing.isEmpty()) {
            return Finding.fail(
                    "not on the target: " + NameLists.some(missing) + (also.isEmpty() ? "" : "; " + also), remedies);
        }
        if (others.isEmpty()) {
            return Finding.pass(NameLists.count(extensions.source().size(), "extension") + " of the same version");
        }
        remedies.add(Remedy.advice("read the release notes of the extensions between the two versions"));
        return Finding.warn(also, remedies);
    }

    private static Remedy install(String name, boolean available) {
        String sql = "CREATE EXTENSION " + Sql.identifier(name) + ";";
        return available
                ? Remedy.onTarget(sql)
                : Remedy.advice("install the package of extension " + name + " on the target's machine, then: " + sql);
    }

    private static final int REINDEX_CONCURRENTLY = 12;
    private static final String INVALID = CatalogSql.sql("""
            SELECT {name}, c.relkind = 'I'
            FROM {relations}
            WHERE {own} AND EXISTS (
                SELECT FROM pg_catalog.pg_index i
                WHERE i.indexrelid = c.oid AND NOT (i.indisvalid AND i.indisready))
            ORDER BY {by name}
            """);

    /** An index that is half-built, and whether the server can rebuild it without blocking writers. */
    record InvalidIndex(String name, boolean partitioned, boolean concurrently) {
        static List<InvalidIndex> read(Server server) throws ServerException {
            boolean concurrently = server.major() >= REINDEX_CONCURRENTLY;
            return server.query(INVALID, row -> new InvalidIndex(row.getString(1), row.getBoolean(2), concurrently));
        }
    }

    static Finding invalidIndexes(Both<List<InvalidIndex>> indexes, Subject subject) {
        List<String> found = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        for (Side side : Side.values()) {
            for (InvalidIndex index : indexes.on(side)) {
                found.add(index.name() + " on the " + side.word());
                remedies.add(
                        index.partitioned()
                                ? Remedy.advice("attach the missing partitions' indexes to " + index.name() + " on the "
                                        + side.word())
                                : Remedy.on(
                                        side,
                                        "REINDEX INDEX " + (index.concurrently() ? "CONCURRENTLY " : "") + index.name()
                                                + ";"));
            }
        }
        return found.isEmpty()
                ? Finding.pass("none")
                : Finding.warn(NameLists.count(found.size(), "index") + ": " + NameLists.some(found), remedies);
    }

    static final String UNLOGGED = CatalogSql.sql("""
            SELECT {name}
            FROM {relations}
            WHERE {own} AND c.relkind = 'r' AND c.relpersistence = 'u'
            ORDER BY {by name}
            """);

    static Finding unlogged(List<String> tables) {
        return tables.isEmpty()
                ? Finding.pass("none")
                : Finding.warn(
                        NameLists.count(tables.size(), "unlogged table") + ": " + NameLists.some(tables),
                        Stream.concat(
                                        tables.stream()
                                                .map(name -> Remedy.onSource("ALTER TABLE " + name + " SET LOGGED;")),
                                        Stream.of(Remedy.advice(
                                                "or copy them during the move, or do without their rows")))
                                .toList());
    }

    /** The triggers that fire for replicated rows. */
    static List<Trigger> triggers(Server server) throws ServerException {
        return server.call(TriggerStates::firingForReplicatedRows);
    }

    static Finding triggers(Both<List<Trigger>> firing) {
        List<Trigger> setAside = firing.source().stream()
                .filter(each -> !each.internal() && !firing.target().contains(each))
                .toList();
        List<Remedy> remedies = new ArrayList<>();
        firing.target().forEach(each -> remedies.add(Remedy.onTarget(each.aside())));
        Stream.concat(firing.target().stream(), setAside.stream())
                .forEach(each -> remedies.add(Remedy.advice("after the cutover, on the target: " + each.back())));
        if (firing.target().isEmpty()) {
            return new Finding(
                    Outcome.PASS,
                    setAside.isEmpty() ? "none" : "set aside while the target follows: " + NameLists.some(setAside),
                    remedies);
        }
        remedies.add(Remedy.advice("before the copy; services' writes still fire the same triggers. Leave out only"
                + " triggers that must fire for replicated rows, too"));
        return Finding.warn(
                "they fire for every row that is copied or applied: " + NameLists.some(firing.target()), remedies);
    }

    /** Each materialized view, and whether it is populated. */
    static final String MATERIALIZED_VIEWS = CatalogSql.sql("""
            SELECT {name}, c.relispopulated::text
            FROM {relations}
            WHERE {own} AND c.relkind = 'm'
            """);

    static Finding materializedViews(Both<Map<String, String>> filled) {
        List<String> empty = filled.source().keySet().stream()
                .filter(view -> "true".equals(filled.source().get(view))
                        && "false".equals(filled.target().get(view)))
                .toList();
        return empty.isEmpty()
                ? Finding.pass(
                        filled.source().isEmpty() ? "none" : filled.source().size() + " are filled")
                : Finding.warn(
                        "empty on the target: " + NameLists.some(empty),
                        NameLists.each(empty, view -> Remedy.onTarget("REFRESH MATERIALIZED VIEW " + view + ";")));
    }
}
