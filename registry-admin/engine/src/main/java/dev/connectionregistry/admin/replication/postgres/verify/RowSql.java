package dev.connectionregistry.admin.replication.postgres.verify;

import dev.connectionregistry.admin.replication.verify.SideQuery;
import dev.connectionregistry.admin.replication.verify.TableChoice.RowRange;
import dev.connectionregistry.admin.replication.verify.VerifyOptions.Sampling;
import dev.connectionregistry.admin.server.Sql;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements that read rows. Everything is built on MD5, which is the same on every server; {@code hashtext} may
 * differ. The first 32 bits of a key's hash choose the bucket, the next 32 the sample. {@code OFFSET 0} keeps the
 * server from computing a hash again for each use. Pure.
 */
final class RowSql {
    /** The table's alias in every statement. */
    static final String ALIAS = "registry_t";

    /**
     * The server keeps the cursor beyond its transaction, so that no transaction stays open while keys are looked up.
     */
    static final String CURSOR = "registry_keys";

    private static final String VERSION =
            "(ARRAY[" + ALIAS + ".tableoid::text, " + ALIAS + ".ctid::text, " + ALIAS + ".xmin::text])::text";

    private final SideQuery query;

    RowSql(SideQuery query) {
        this.query = query;
    }

    String buckets(int count, Sampling sampling) {
        return String.format(
                Locale.ROOT,
                """
                SELECT %s, count(*), %s || ' ' || %s
                FROM %s, %s, %s%s
                GROUP BY 1
                """,
                bucket(count),
                digest("k.hash"),
                digest("c.hash"),
                table(),
                keyHash(),
                content(sampling),
                where());
    }

    /** Returns the number of rows, a digest, and a digest of the versions. */
    String whole() {
        return String.format(
                Locale.ROOT,
                """
                SELECT count(*), %s, %s
                FROM %s,
                  LATERAL (SELECT %s AS hash OFFSET 0) AS c,
                  LATERAL (SELECT pg_catalog.md5(%s) AS hash OFFSET 0) AS v%s
                """,
                digest("c.hash"),
                digest("v.hash"),
                table(),
                md5(together(query.row())),
                VERSION,
                where());
    }

    /** A cursor over hash, key, hash of the content. */
    String declareKeys(int count, List<Integer> buckets, Sampling sampling) {
        String which = buckets.stream().map(String::valueOf).collect(Collectors.joining(","));
        String condition = bucket(count) + " = ANY ('{" + which + "}'::int[])";
        return String.format(
                Locale.ROOT,
                """
                DECLARE %s NO SCROLL CURSOR WITH HOLD FOR
                SELECT k.hash, %s, coalesce(c.hash, '')
                FROM %s, %s, %s%s
                ORDER BY k.hash COLLATE "C"
                """,
                CURSOR,
                keyTexts(),
                table(),
                keyHash(),
                content(sampling),
                where() + (query.mark().isPresent() ? " AND " : " WHERE ") + condition);
    }

    static String fetchKeys(int atMost) {
        return "FETCH FORWARD " + atMost + " FROM " + CURSOR;
    }

    /**
     * Returns the key's index among those given, the hash of the content, and the version; takes one array of texts for
     * each key column.
     */
    String rows() {
        int columns = query.keyColumns().size();
        String arrays = IntStream.range(0, columns).mapToObj(i -> "?::text[]").collect(Collectors.joining(", "));
        String names = IntStream.range(0, columns).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
        String joined = IntStream.range(0, columns)
                .mapToObj(i -> ALIAS + "." + Sql.identifier(query.keyColumns().get(i)) + " = (i.k" + i + ")::"
                        + query.keyTypes().get(i))
                .collect(Collectors.joining(" AND "));
        return String.format(
                Locale.ROOT, """
                SELECT i.place - 1, %s, %s
                FROM unnest(%s) WITH ORDINALITY AS i (%s, place)
                JOIN %s ON %s%s
                """, md5(together(query.row())), VERSION, arrays, names, table(), joined, where());
    }

    private String table() {
        return (query.partitioned() ? "" : "ONLY ") + query.table().sql() + " AS " + ALIAS;
    }

    private String keyTexts() {
        return query.keyColumns().stream()
                .map(each -> ALIAS + "." + Sql.identifier(each) + "::pg_catalog.text")
                .collect(Collectors.joining(", ", "ARRAY[", "]"));
    }

    private String keyHash() {
        return "LATERAL (SELECT " + md5(together(query.key())) + " AS hash OFFSET 0) AS k";
    }

    private String content(Sampling sampling) {
        String hash = md5(together(query.row()));
        String place = number("k.hash", 9, 8, 32) + " + " + Math.abs((long) sampling.seed());
        String chosen = "(" + place + ") % " + Sampling.ALL + " < " + sampling.perTenThousand();
        String sampled = sampling.isAll() ? hash : "CASE WHEN " + chosen + " THEN " + hash + " END";
        return "LATERAL (SELECT " + sampled + " AS hash OFFSET 0) AS c";
    }

    private String where() {
        return query.mark().map(this::condition).map(each -> " WHERE " + each).orElse("");
    }

    private String condition(RowRange mark) {
        String column = ALIAS + "." + Sql.identifier(mark.column());
        String value = "CAST(" + Sql.literal(mark.value()) + " AS " + query.markType() + ")";
        return "(" + column + (mark.before() ? " < " : " >= ") + value + ")";
    }

    private static String bucket(int count) {
        return "((" + number("k.hash", 1, 8, 32) + ") % " + count + ")::int";
    }

    /** Two sums of 64 bits each: rows can't cancel each other out, and their order doesn't matter. */
    private static String digest(String hash) {
        return String.format(
                Locale.ROOT,
                "coalesce(sum(%s), 0)::text || ' ' || coalesce(sum(%s), 0)::text",
                number(hash, 1, 16, 64),
                number(hash, 17, 16, 64));
    }

    private static String number(String hash, int from, int digits, int bits) {
        return "('x' || substr(" + hash + ", " + from + ", " + digits + "))::bit(" + bits + ")::bigint";
    }

    /** Values in quotes with commas between them: null and empty, and where a value ends, are unambiguous. */
    private static String together(List<String> texts) {
        return texts.isEmpty()
                ? "''"
                : texts.stream().map(each -> "quote_nullable(" + each + ")").collect(Collectors.joining(" || ',' || "));
    }

    private String md5(String text) {
        return query.toUtf8() ? "md5(convert_to(" + text + ", 'UTF8'))" : "md5(" + text + ")";
    }
}
