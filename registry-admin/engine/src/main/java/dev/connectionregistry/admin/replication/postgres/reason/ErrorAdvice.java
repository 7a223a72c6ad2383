package dev.connectionregistry.admin.replication.postgres.reason;

import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What to do about a server's error. Pure. */
final class ErrorAdvice {
    private static final Pattern POSITION = Pattern.compile("finished at ([0-9A-F]+/[0-9A-F]+)");
    private static final Pattern FUNCTION = Pattern.compile("(?:PL/\\w+|SQL) function (\"?[^\"(\\s]+\"?)");
    private static final String BY_ITSELF = "; the server tries again by itself within seconds";

    private final WorkerFailure trouble;

    ErrorAdvice(WorkerFailure trouble) {
        this.trouble = trouble;
    }

    /** A server's message with its code, without the row data that it quotes. */
    static String said(String message, String state) {
        String first = message.lines()
                .findFirst()
                .orElse("")
                .replaceFirst("(invalid input syntax for [^:]+): \".*\"", "$1: a value");
        return first + (state.isEmpty() || state.equals("XX000") ? "" : " [" + state + "]");
    }

    /** The function in which it happened, without the data that a context may quote; empty if it happened in none. */
    static String within(String context) {
        Matcher function = FUNCTION.matcher(context);
        return function.find() ? ", in function " + function.group(1) : "";
    }

    /** What to do, given what the target's worker or the trial of its statement said. */
    String onTarget(String message, String state, String context) {
        if (state.equals("23505") || message.contains("duplicate key value")) {
            return duplicate(context);
        }
        Matcher function = FUNCTION.matcher(context);
        if (function.find() && (message.contains("does not exist") || state.startsWith("42"))) {
            return "on the target: ALTER FUNCTION of " + function.group(1)
                    + " SET search_path = the schemas that it means; workers run with an empty one" + BY_ITSELF;
        }
        if (message.contains("row-level security")) {
            return "on the target: ALTER TABLE " + table() + " NO FORCE ROW LEVEL SECURITY until the move is over"
                    + ", or a role that owns the table and has BYPASSRLS" + BY_ITSELF;
        }
        if (message.contains("read-only transaction")) {
            return "remove default_transaction_read_only from the target's database and the subscription's owner"
                    + BY_ITSELF;
        }
        return other(message, state, context);
    }

    private String other(String message, String state, String context) {
        if (message.contains("statement timeout")) {
            return "on the source, for the role that the subscription logs in as: ALTER ROLE ... IN DATABASE ... SET"
                    + " statement_timeout = 0" + BY_ITSELF;
        }
        if (message.contains("replication slot") || message.contains("WAL segment")) {
            return "replication stop, empty the tables on the target, then replication start: without its slot changes are lost";
        }
        if (message.contains("permission denied") || state.equals("42501")) {
            return "grant that right, to the tables' owner on the target or to the replication role on the source"
                    + BY_ITSELF;
        }
        if (isConnection(message, state)) {
            return connection();
        }
        if (message.contains("missing replicated column")
                || message.contains("does not exist")
                || state.startsWith("42")) {
            return "make the target's schema like the source's" + BY_ITSELF;
        }
        if (state.startsWith("23") || message.contains(" violates ")) {
            return "a constraint of the target refuses a row that the source has: make the target's schema like the source's"
                    + BY_ITSELF + skip(context);
        }
        return "fix that" + BY_ITSELF + skip(context);
    }

    private String duplicate(String context) {
        return trouble.table().isPresent()
                ? "the table must be empty before its copy: on the target TRUNCATE " + table() + ";" + BY_ITSELF
                : "delete that row on the target (duplicate key; DETAIL in its log says which)" + BY_ITSELF
                        + skip(context);
    }

    /** Only changes can be skipped, not a copy. */
    private String skip(String context) {
        Matcher position = POSITION.matcher(context);
        return trouble.table().isEmpty() && position.find()
                ? ". To leave the transaction out (verify afterwards): ALTER SUBSCRIPTION "
                        + quoted(trouble.subscription()) + " SKIP (lsn = '" + position.group(1) + "')"
                : "";
    }

    static boolean isConnection(String message, String state) {
        return message.contains("could not connect to the publisher")
                || message.contains("password authentication failed")
                || message.contains("pg_hba.conf")
                || state.startsWith("08")
                || state.startsWith("28");
    }

    static String connection() {
        return "let the target's server log in to the source with what the subscription says; replication start with"
                + " --source-host, --replication-username and --replication-password-ref changes that, or on the target ALTER"
                + " SUBSCRIPTION ... CONNECTION" + BY_ITSELF;
    }

    private String table() {
        return trouble.table().map(each -> each.sql()).orElse("...");
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
