package dev.connectionregistry.jdbc;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A statement's effect on the session that outlives its transaction, as far as its text shows. Pure. */
enum SessionSql {
    /** No known effect. */
    NOTHING,
    /** It sets a parameter: it is executed again on the connection that a session moves to. */
    SETTING,
    /** It resets parameters, so statements before it needn't be repeated. */
    RESET,
    /**
     * It creates something that can't be recreated elsewhere: temporary tables, advisory locks, LISTEN, PREPARE, held
     * cursors.
     */
    BINDING,
    /** It removes what can't be recreated elsewhere. */
    UNBINDING,
    /** It reverts what its transaction set. */
    ROLLBACK;

    private static final Pattern LEADING_SPACE =
            Pattern.compile("^(?:\\s+|--[^\\n]*(?:\\n|$)|/\\*.*?\\*/|;)+", Pattern.DOTALL);
    private static final Pattern SET_FOR_TRANSACTION =
            Pattern.compile("^SET\\s+(LOCAL|TRANSACTION|CONSTRAINTS)\\b.*", Pattern.DOTALL);
    private static final Pattern TEMPORARY =
            Pattern.compile("^(CREATE\\s+(LOCAL\\s+|GLOBAL\\s+)?TEMP|SELECT\\b.*\\bINTO\\s+TEMP).*", Pattern.DOTALL);
    private static final Pattern HELD_CURSOR = Pattern.compile("^DECLARE\\b.*\\bWITH\\s+HOLD\\b.*", Pattern.DOTALL);
    private static final Pattern ADVISORY =
            Pattern.compile(".*\\bPG_(TRY_)?ADVISORY_LOCK(_SHARED)?\\b.*", Pattern.DOTALL);
    private static final Pattern SET_CONFIG = Pattern.compile(".*\\bSET_CONFIG\\s*\\(.*", Pattern.DOTALL);
    private static final Pattern SET_PARAMETER = Pattern.compile("^(?:SET|RESET)\\s+(?:SESSION\\s+)?([\\w.\"]+)");
    private static final Pattern CONFIG_PARAMETER = Pattern.compile("\\bSET_CONFIG\\s*\\(\\s*(\\?|'[^']*')");
    private static final Pattern SETS_MORE =
            Pattern.compile(";\\s*(?:SET|RESET)\\s|;.*\\bSET_CONFIG\\s*\\(", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("^[A-Z]+");
    /** Longer text, such as an import, isn't searched beyond this. */
    private static final int LONGEST_SEARCHED = 4096;

    static SessionSql of(String sql) {
        String upper = searched(sql);
        Matcher word = WORD.matcher(upper);
        return switch (word.find() ? word.group() : "") {
            case "SET" -> SET_FOR_TRANSACTION.matcher(upper).matches() ? NOTHING : SETTING;
            case "RESET" -> upper.matches("RESET\\s+ALL\\s*;?\\s*") ? RESET : SETTING;
            case "DISCARD" -> upper.matches("DISCARD\\s+ALL\\s*;?\\s*") ? UNBINDING : NOTHING;
            case "LISTEN", "PREPARE" -> upper.startsWith("PREPARE TRANSACTION") ? NOTHING : BINDING;
            case "ROLLBACK", "ABORT" ->
                upper.matches("\\w+\\s+(WORK\\s+|TRANSACTION\\s+)?TO\\b.*") ? NOTHING : ROLLBACK;
            case "CREATE" -> TEMPORARY.matcher(upper).matches() ? BINDING : NOTHING;
            case "DECLARE" -> HELD_CURSOR.matcher(upper).matches() ? BINDING : NOTHING;
            case "SELECT", "WITH" -> ofQuery(upper);
            default -> NOTHING;
        };
    }

    private static String searched(String sql) {
        String text = sql.length() > LONGEST_SEARCHED ? sql.substring(0, LONGEST_SEARCHED) : sql;
        return LEADING_SPACE.matcher(text).replaceFirst("").toUpperCase(Locale.ROOT);
    }

    /**
     * The name that a {@link #SETTING} sets, in capital letters: a later setting of a name replaces earlier ones.
     * {@code ?} if the statement's first parameter is the name; the text itself if it sets several names, or isn't
     * recognised.
     */
    static String parameter(String sql) {
        String upper = searched(sql);
        Matcher set = SET_PARAMETER.matcher(upper);
        if (set.find()) {
            boolean several = SETS_MORE.matcher(upper).find() || set.group(1).equals("CHARACTERISTICS");
            return several ? sql : set.group(1).replace("\"", "");
        }
        Matcher config = CONFIG_PARAMETER.matcher(upper);
        if (!config.find()) {
            return sql;
        }
        String name = config.group(1).replace("'", "");
        return config.find() ? sql : name;
    }

    private static SessionSql ofQuery(String upper) {
        if (upper.contains("ADVISORY_LOCK") && ADVISORY.matcher(upper).matches()) {
            return BINDING;
        }
        if (upper.contains("SET_CONFIG") && SET_CONFIG.matcher(upper).matches()) {
            return SETTING;
        }
        return upper.contains("TEMP") && TEMPORARY.matcher(upper).matches() ? BINDING : NOTHING;
    }
}
