package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.server.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/**
 * The triggers that fire for replicated rows, and how to set them aside without a change for ordinary writes: ALWAYS
 * becomes a plain ENABLE, which services fire and replicated rows don't; REPLICA becomes DISABLE, since services never
 * fired it. Rules need nothing like that: neither a copy nor the apply of changes looks at them.
 */
public final class TriggerStates {
    /** Includes internal ones, such as those of foreign keys, that somebody made ALWAYS. */
    private static final String TRIGGERS = """
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), t.tgname, t.tgenabled::text, t.tgisinternal
            FROM pg_catalog.pg_trigger t
            JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE t.tgenabled IN ('A', 'R') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass
                AND e.objid = c.oid AND e.deptype = 'e')
            ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C", t.tgname::text COLLATE "C"
            """;

    private TriggerStates() {}

    /**
     * A trigger that fires for replicated rows.
     *
     * @param table its table, as it is written in SQL
     * @param name its name, unquoted
     * @param always whether it fires for ordinary writes too
     * @param internal whether it belongs to a constraint, so that its name differs between servers
     */
    public record Trigger(String table, String name, boolean always, boolean internal) {
        /** Keeps replicated rows from firing it; ordinary writes don't notice. */
        public String aside() {
            return alter(always ? "ENABLE" : "DISABLE");
        }

        public String back() {
            return alter(always ? "ENABLE ALWAYS" : "ENABLE REPLICA");
        }

        private String alter(String how) {
            return "ALTER TABLE " + table + " " + how + " TRIGGER " + Sql.identifier(name) + ";";
        }

        /** {@code "stamp" of public.orders (ALWAYS)}. */
        @Override
        public String toString() {
            return Sql.identifier(name) + " of " + table + (always ? " (ALWAYS)" : " (REPLICA)");
        }
    }

    /** Those of the session's database. */
    public static List<Trigger> firingForReplicatedRows(Session session, Deadline bound) throws SQLException {
        return session.query(
                bound,
                TRIGGERS,
                row -> new Trigger(
                        row.getString(1), row.getString(2), Objects.equals(row.getString(3), "A"), row.getBoolean(4)));
    }
}
