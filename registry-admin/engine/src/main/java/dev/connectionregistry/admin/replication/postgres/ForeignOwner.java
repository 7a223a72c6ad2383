package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.TableName;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * An owner of tables, whose rights the role of a session lacks: only owners publish a table, and from Postgres 16 on a
 * subscription writes as them. Immutable.
 *
 * @param name in quotes where it needs them
 * @param superuser whether it is a superuser
 * @param table one of its tables, as it is written in SQL
 * @param tables how many there are
 * @param options what else a grant must say, since the role is a member already, but without this use of the rights;
 *     empty if a plain grant is enough
 */
public record ForeignOwner(String name, boolean superuser, String table, long tables, String options) {
    /** How a role has the rights of another. */
    public enum How {
        /** At once, which is enough to publish. */
        USAGE,
        /** By SET ROLE, which a subscription uses; servers know it from 16 on. */
        SET
    }

    private static final String READ = """
            SELECT pg_catalog.quote_ident(o.rolname), o.rolsuper,
                   min(pg_catalog.format('%I.%I', n.nspname, c.relname)), count(*),
                   CASE WHEN current_setting('server_version_num')::int >= 160000 AND pg_catalog.pg_has_role(o.oid, 'MEMBER')
                        THEN ' WITH ' || ? || ' TRUE' ELSE '' END
            FROM unnest(?::text[], ?::text[]) AS t (s, r)
            JOIN pg_catalog.pg_namespace n ON n.nspname = t.s
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.r
            JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
            WHERE NOT pg_catalog.pg_has_role(o.oid, ?)
            GROUP BY 1, 2, o.oid
            ORDER BY 1
            """;

    /** The foreign owners of {@code tables}. Superusers have the rights of everybody. */
    public static List<ForeignOwner> of(Session session, Deadline bound, How how, Collection<TableName> tables)
            throws SQLException {
        return session.query(
                bound,
                READ,
                row -> new ForeignOwner(
                        row.getString(1), row.getBoolean(2), row.getString(3), row.getLong(4), row.getString(5)),
                how == How.SET ? "SET" : "INHERIT",
                tables.stream().map(TableName::schema).toList(),
                tables.stream().map(TableName::name).toList(),
                how.name());
    }

    /** The statement that gives {@code role}, in quotes, the owner's rights. */
    public String grant(String role) {
        return "GRANT " + name + " TO " + role + options;
    }

    /** What helps if the owner is a superuser, whose rights nobody should get just to copy tables. */
    public String otherOwner() {
        return "give the tables of the superuser " + name + " an ordinary owner (ALTER TABLE " + table
                + " OWNER TO ...), or have a superuser set replication up";
    }
}
