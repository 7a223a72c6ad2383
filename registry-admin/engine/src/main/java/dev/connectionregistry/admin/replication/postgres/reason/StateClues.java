package dev.connectionregistry.admin.replication.postgres.reason;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Decoding;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.FailureReasons.FailureReason;
import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import dev.connectionregistry.admin.server.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the catalogs and statistics of both servers show about a cause. */
final class StateClues {
    private static final int MOST_TABLES = 500;
    private static final String SUBSCRIPTION = """
            SELECT coalesce(s.subslotname::text, ''), s.subpublications::text[] FROM pg_catalog.pg_subscription s
            WHERE s.subname = ? AND s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())""";
    private static final String SLOT = """
            SELECT ${IS_LOST} FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = ?
            """.replace("${IS_LOST}", Decoding.SLOT_IS_LOST);
    private static final String MISSING_PUBLICATIONS = """
            SELECT w.name FROM unnest(?::text[]) AS w (name)
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_publication p WHERE p.pubname = w.name) ORDER BY 1""";
    private static final String SOURCE_ROOM = """
            SELECT name || ' = ' || most, name, most FROM (
              SELECT 'max_replication_slots' AS name, (SELECT count(*) FROM pg_catalog.pg_replication_slots) AS used,
                current_setting('max_replication_slots')::bigint AS most
              UNION ALL SELECT 'max_wal_senders', (SELECT count(*) FROM pg_catalog.pg_stat_replication),
                current_setting('max_wal_senders')::bigint) AS rooms WHERE used >= most""";
    private static final String TARGET_ROOM = """
            SELECT 'max_logical_replication_workers = ' || current_setting('max_logical_replication_workers')
            FROM (SELECT count(*) AS used FROM pg_catalog.pg_stat_subscription WHERE pid IS NOT NULL) AS w
            WHERE used >= current_setting('max_logical_replication_workers')::bigint""";
    private static final String TABLES = """
            SELECT n.nspname, c.relname FROM pg_catalog.pg_subscription_rel r JOIN pg_catalog.pg_class c ON c.oid = r.srrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE r.srsubid IN (SELECT w.subid
            FROM pg_catalog.pg_stat_subscription w WHERE w.subname = ?) ORDER BY 1, 2 LIMIT ?""";
    private static final String COLUMNS = """
            SELECT t.s, t.r, quote_ident(a.attname), coalesce(to_jsonb(a) ->> 'attgenerated', '') <> ''
            FROM unnest(?::text[], ?::text[]) AS t (s, r)
            JOIN pg_catalog.pg_namespace n ON n.nspname = t.s JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.r
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2, a.attnum""";

    private final Session source;
    private final Session target;
    private final WorkerFailure trouble;

    StateClues(Session source, Session target, WorkerFailure trouble) {
        this.source = source;
        this.target = target;
        this.trouble = trouble;
    }

    private record Feed(String slot, List<String> publications) {}

    /** Looks on the source at the slot that a subscription reads from, and at its publications. */
    Optional<FailureReason> ofFeed(Deadline bound) throws SQLException {
        List<Feed> feeds = target.query(
                bound,
                SUBSCRIPTION,
                row -> new Feed(
                        row.getString(1), List.of((String[]) row.getArray(2).getArray())),
                trouble.subscription());
        for (Feed feed : feeds) {
            List<Boolean> lost = source.query(bound, SLOT, row -> row.getBoolean(1), feed.slot());
            if (!feed.slot().isEmpty() && (lost.isEmpty() || lost.get(0))) {
                return Optional.of(FailureReason.known(
                        "the source " + (lost.isEmpty() ? "has no slot " : "has lost the log that it needs for slot ")
                                + ErrorAdvice.quoted(feed.slot()),
                        "what it kept can't be recovered: replication stop, empty the tables on the target, then"
                                + " replication start"));
            }
            List<String> missing =
                    source.query(bound, MISSING_PUBLICATIONS, row -> row.getString(1), feed.publications());
            if (!missing.isEmpty()) {
                return Optional.of(FailureReason.known(
                        "the source has no publication " + ErrorAdvice.quoted(missing.get(0)),
                        "a recreated publication is younger than its slot, which doesn't find it: replication stop,"
                                + " empty the tables on the target, then replication start"));
            }
        }
        return Optional.empty();
    }

    /** Whether a slot, a walsender and a worker are free. */
    Optional<FailureReason> ofRoom(Deadline bound) throws SQLException {
        List<String> there = source.query(bound, SOURCE_ROOM, row -> row.getString(1));
        if (!there.isEmpty()) {
            return Optional.of(full("source", there.get(0)));
        }
        List<String> here = target.query(bound, TARGET_ROOM, row -> row.getString(1));
        return here.isEmpty() ? Optional.empty() : Optional.of(full("target", here.get(0)));
    }

    private static FailureReason full(String side, String setting) {
        return FailureReason.known(
                "none is free on the " + side + ", where " + setting,
                "raise it on the " + side + " and restart the server; a copy needs one more, besides the ones that"
                        + " follow");
    }

    /** A table or a column that the source sends and the target lacks. */
    Optional<FailureReason> ofShape(Deadline bound) throws SQLException {
        List<TableName> tables = trouble.table().isPresent()
                ? List.of(trouble.table().get())
                : target.query(
                        bound,
                        TABLES,
                        row -> new TableName(row.getString(1), row.getString(2)),
                        trouble.subscription(),
                        MOST_TABLES);
        Set<String> there = new HashSet<>(columns(target, tables, true, bound));
        return columns(source, tables, false, bound).stream()
                .filter(each -> !there.contains(each))
                .findFirst()
                .map(each -> FailureReason.known(
                        "the target lacks " + each + ", which the source sends",
                        "make the target's schema like the source's; the worker continues by itself"));
    }

    private static List<String> columns(Session session, List<TableName> tables, boolean all, Deadline bound)
            throws SQLException {
        List<String> columns = new ArrayList<>();
        session.query(
                bound,
                COLUMNS,
                row -> (all || !row.getBoolean(4))
                        && columns.add("column " + row.getString(3) + " of "
                                + new TableName(row.getString(1), row.getString(2))),
                tables.stream().map(TableName::schema).toList(),
                tables.stream().map(TableName::name).toList());
        return columns;
    }
}
