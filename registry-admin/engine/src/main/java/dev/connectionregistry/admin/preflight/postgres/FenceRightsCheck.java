package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The role may put the fence up. */
final class FenceRightsCheck implements ServerCheck {
    private static final String RIGHTS = "SELECT r.rolsuper, pg_catalog.pg_has_role(d.datdba, 'USAGE'),"
            + " pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE'), pg_catalog.pg_has_role('pg_signal_backend', 'USAGE'),"
            + " pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(d.datdba)), r.rolcreaterole,"
            + " (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(o.rolname), ', ' ORDER BY o.rolname)"
            + " FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_roles o ON o.oid = s.setrole"
            + " CROSS JOIN unnest(s.setconfig) AS c WHERE s.setdatabase IN (0, d.oid)"
            + " AND lower(split_part(c, '=', 1)) = 'default_transaction_read_only'"
            + " AND NOT substr(c, strpos(c, '=') + 1)::boolean),"
            + " (SELECT o.rolsuper FROM pg_catalog.pg_roles o WHERE o.oid = d.datdba)"
            + " FROM pg_catalog.pg_roles r, pg_catalog.pg_database d"
            + " WHERE r.rolname = current_user AND d.datname = current_database()";

    @Override
    public About about() {
        return new About(
                "fence-rights",
                Group.RIGHTS,
                "The fence is a setting of the database, and it ends the sessions of everybody else.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Server source = servers.source();
        return source.one(RIGHTS, row -> judge(source, row));
    }

    private static Finding judge(Server source, ResultSet row) throws SQLException {
        if (row.getBoolean(1)) {
            return Finding.pass("role " + source.role() + " is a superuser");
        }
        List<String> lacks = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        if (!row.getBoolean(2)) {
            lacks.add("doesn't own the database (" + row.getString(5) + " does)");
            remedies.add(source.give(
                    row.getBoolean(8)
                            ? "ALTER DATABASE " + source.database() + " OWNER TO " + source.role() + ";"
                            : "GRANT " + row.getString(5) + " TO " + source.role() + ";"));
        }
        if (!row.getBoolean(3)) {
            lacks.add("doesn't see others' sessions");
            remedies.add(source.give("GRANT pg_read_all_stats TO " + source.role() + ";"));
        }
        if (!row.getBoolean(4)) {
            lacks.add("can't end others' sessions");
            remedies.add(source.give("GRANT pg_signal_backend TO " + source.role() + ";"));
        }
        String own = row.getString(7);
        if (own != null && !row.getBoolean(6)) {
            lacks.add("can't alter roles with a default_transaction_read_only of their own (" + own + ")");
            remedies.add(source.give("ALTER ROLE " + source.role() + " CREATEROLE;"));
        }
        return lacks.isEmpty()
                ? Finding.pass("role " + source.role() + " may")
                : Finding.fail("role " + source.role() + " " + String.join(", ", lacks), remedies);
    }
}
