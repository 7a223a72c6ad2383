package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.replication.plan.TableFacts.KeyColumn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Which rows belong to a slice: those whose key's hash leaves a certain remainder. Pure. */
public final class SliceFilter {
    /** Functions of the server that a row filter may use, by the type that they hash. */
    private static final Map<String, String> HASHES = Map.of(
            "smallint", "hashint2",
            "integer", "hashint4",
            "bigint", "hashint8",
            "uuid", "uuid_hash",
            "text", "hashtext",
            "character varying", "hashtext");

    private static final Pattern SLICE = Pattern.compile("& 2147483647 % (\\d{1,9}) = \\d+$");

    private SliceFilter() {}

    /**
     * Why a table can't be sliced; empty if it can. The server refuses UPDATE and DELETE if the filter's column isn't
     * part of the replica identity.
     */
    static String obstacle(TableFacts table) {
        if (column(table.key()).isEmpty()) {
            return "no column of its key can be hashed";
        }
        return table.identity() == RowIdentity.INDEX
                ? "its replica identity is another index than the primary key, and UPDATE and DELETE on the source would fail"
                : "";
    }

    /** The first column of the key that can be hashed. */
    public static Optional<KeyColumn> column(List<KeyColumn> key) {
        return key.stream().filter(each -> HASHES.containsKey(each.type())).findFirst();
    }

    /**
     * The condition of slice {@code k} of {@code n}. The sign is cut off, since {@code abs} of the smallest integer
     * overflows.
     *
     * @param column a column that {@link #column} found
     */
    public static String condition(KeyColumn column, int n, int k) {
        String quoted = '"' + column.name().replace("\"", "\"\"") + '"';
        return "(pg_catalog." + HASHES.get(column.type()) + "(" + quoted + ") & 2147483647) % " + n + " = " + k;
    }

    /** Whether the server's own text of a filter is that of slice {@code k} of {@code n}. */
    public static boolean isOf(String filter, int n, int k) {
        String plain = filter.replace("(", "").replace(")", "").replaceAll("\\s+", " ");
        return plain.endsWith("& 2147483647 % " + n + " = " + k);
    }

    /** Whether these filters of a table, an empty one for none, let every row through: one is empty, or they are all slices. */
    public static boolean areWhole(List<String> filters) {
        int slices = filters.isEmpty() ? 0 : slicesOf(filters.get(0));
        return filters.contains("")
                || (slices > 0
                        && IntStream.range(0, slices)
                                .allMatch(k -> filters.stream().anyMatch(each -> isOf(each, slices, k))));
    }

    /** How many slices there are, by the server's own text of one slice's filter; 0 if it isn't a slice's filter. */
    public static int slicesOf(String filter) {
        Matcher matcher = SLICE.matcher(filter.replace("(", "").replace(")", "").replaceAll("\\s+", " "));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
