package dev.connectionregistry.admin.cutover.fence;

import dev.connectionregistry.admin.cutover.fence.FencePlan.Rights;
import dev.connectionregistry.admin.server.FenceMark;
import dev.connectionregistry.admin.server.Sql;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The SQL of a fence, made from its plan and from nothing else: every name is quoted, every word is one of ours. Pure. */
public final class FenceStatements {
    private FenceStatements() {}

    /** Puts the fence up, in order; safe to repeat. */
    public static List<String> up(FencePlan plan) {
        return plan.changes().stream().map(FenceChange::up).toList();
    }

    /** Puts back what was there before, in order; safe to repeat. */
    public static List<String> down(FencePlan plan) {
        return reversed(plan).stream().map(FenceChange::down).toList();
    }

    /** What {@link #down} takes back, in that order. */
    public static List<FenceChange> reversed(FencePlan plan) {
        List<FenceChange> changes = new ArrayList<>(plan.changes());
        Collections.reverse(changes);
        return changes;
    }

    /**
     * Makes rights that had never been changed NULL in the catalog again, after {@link #down}; only a superuser may.
     * They leave anything alone that doesn't have the default rights.
     */
    public static List<String> defaultRights(FencePlan plan) {
        List<String> statements = new ArrayList<>();
        plan.connect()
                .filter(Rights::wasDefault)
                .ifPresent(rights -> statements.add(nullAgain(
                        "pg_database",
                        "datacl",
                        "acldefault('d', x.datdba)",
                        "x.datname = " + Sql.literal(plan.database()).strip())));
        List<String> functions = plan.functions().stream()
                .filter(each -> each.rights().wasDefault())
                .map(each ->
                        Sql.literal("pg_catalog." + each.function().signature()).strip() + "::regprocedure")
                .toList();
        if (!functions.isEmpty()) {
            statements.add(nullAgain(
                    "pg_proc",
                    "proacl",
                    "acldefault('f', x.proowner)",
                    "x.oid IN (" + String.join(", ", functions) + ")"));
        }
        return statements;
    }

    private static String nullAgain(String catalog, String column, String usual, String which) {
        String now = "(SELECT * FROM aclexplode(x." + column + "))";
        String then = "(SELECT * FROM aclexplode(" + usual + "))";
        return String.format(Locale.ROOT, """
                UPDATE pg_catalog.%1$s AS x SET %2$s = NULL WHERE %3$s \
                AND NOT EXISTS ((%4$s EXCEPT %5$s) UNION ALL (%5$s EXCEPT %4$s))""", catalog, column, which, now, then);
    }

    /**
     * The statements that take it down for a person to paste into one session, which begins under the fence itself. The last ones
     * take the fence's record off the database's comment and, as a superuser, leave no trace in the rights.
     */
    public static List<String> downByHand(FencePlan plan) {
        List<String> statements = new ArrayList<>();
        statements.add("SET default_transaction_read_only = off");
        statements.addAll(FenceChange.together(reversed(plan)));
        statements.add(forgetByHand());
        defaultRights(plan)
                .forEach(each -> statements.add("/* as a superuser; else the rights stay written out */ " + each));
        return statements;
    }

    private static String forgetByHand() {
        return """
                DO $$ BEGIN \
                EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), (\
                SELECT nullif(rtrim(split_part(shobj_description(oid, 'pg_database'), '${RECORD}', 1), E'\\n'), '') \
                FROM pg_database WHERE datname = current_database())); \
                END $$""".replace("${RECORD}", FenceMark.RECORD);
    }
}
