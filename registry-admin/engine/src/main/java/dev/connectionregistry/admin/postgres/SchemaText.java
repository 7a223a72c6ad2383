package dev.connectionregistry.admin.postgres;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The text of a schema in a form that doesn't depend on the server's version. From Postgres 14 on some functions are
 * shown in the standard's notation, {@code EXTRACT(year FROM d)} for {@code date_part('year'::text, d)} and so on, and
 * resolved to other types; if their arguments are simple, they are converted back to the older form here, and casts are
 * left out. So two expressions that differ only in a cast count as equal. Pure.
 */
public final class SchemaText {
    private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[\\w$]+)";
    private static final String CAST = "::(?:double precision|(?:timestamp|time)(?:\\(\\d\\))? with(?:out)? time zone"
            + "|character varying|bit varying|(?:" + NAME + "\\.)?" + NAME + ")(?:\\(\\d+(?:,\\d+)?\\))?(?:\\[\\])*";
    /** Parentheses around one word or text, except those of a function call. */
    private static final String LONELY = "(?<![\\w\"])\\((" + NAME + "|'(?:[^']|'')*')\\)";
    /** A piece of an expression with at most one level of parentheses, without a comma outside of them. */
    private static final String SIMPLE = "((?:[^(),]|\\([^()]*\\))*?)";

    private static final List<Rule> RULES = List.of(
            new Rule("::", CAST, ""),
            new Rule("(", LONELY, "$1"),
            new Rule("EXECUTE PROCEDURE ", "EXECUTE PROCEDURE ", "EXECUTE FUNCTION "),
            new Rule("IN ", "([(,] ?)IN ", "$1"), // before a procedure's argument
            new Rule(" AT TIME ZONE ", "\\(" + SIMPLE + " AT TIME ZONE ('(?:[^']|'')*')\\)", "timezone($2, $1)"),
            new Rule("EXTRACT(", "EXTRACT\\((\\w+) FROM ", "date_part('$1', "),
            new Rule("TRIM(", "TRIM\\(BOTH FROM " + SIMPLE + "\\)", "btrim($1)"),
            new Rule("TRIM(", "TRIM\\(LEADING FROM " + SIMPLE + "\\)", "ltrim($1)"),
            new Rule("TRIM(", "TRIM\\(TRAILING FROM " + SIMPLE + "\\)", "rtrim($1)"),
            new Rule("POSITION(", "POSITION\\(" + SIMPLE + " IN " + SIMPLE + "\\)", "\"position\"($2, $1)"),
            new Rule(
                    "SUBSTRING(",
                    "SUBSTRING\\(" + SIMPLE + " FROM " + SIMPLE + " FOR " + SIMPLE + "\\)",
                    "\"substring\"($1, $2, $3)"),
            new Rule("SUBSTRING(", "SUBSTRING\\(" + SIMPLE + " FROM " + SIMPLE + "\\)", "\"substring\"($1, $2)"),
            new Rule("(", LONELY, "$1"));

    private SchemaText() {}

    /**
     * A notation, and the older notation for the same thing.
     *
     * @param sign a text that every line for this rule contains; it saves matching the pattern on most lines
     */
    private record Rule(String sign, Pattern newer, String older) {
        Rule(String sign, String newer, String older) {
            this(sign, Pattern.compile(newer), older);
        }

        String apply(String line) {
            return line.contains(sign) ? newer.matcher(line).replaceAll(older) : line;
        }
    }

    /** The line in a form that is the same on every version. */
    public static String normalise(String line) {
        String result = line;
        for (Rule rule : RULES) {
            result = rule.apply(result);
        }
        return result;
    }
}
