package dev.connectionregistry.admin.postgres.preflight.setting;

import dev.connectionregistry.admin.postgres.preflight.ground.Catalog;
import dev.connectionregistry.admin.postgres.preflight.ground.Names;
import dev.connectionregistry.admin.postgres.preflight.ground.ServerCheck;
import dev.connectionregistry.admin.postgres.preflight.ground.Servers;
import dev.connectionregistry.admin.postgres.session.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What is set for the database, for roles, and for roles in the database. */
final class DatabaseSettingsCheck implements ServerCheck {
    /** The fence's own setting is another check's. */
    private static final String SETTINGS = "SELECT CASE WHEN s.setrole = 0 THEN"
            + " pg_catalog.format('ALTER DATABASE %I', ?::text)"
            + " WHEN s.setdatabase = 0 THEN pg_catalog.format('ALTER ROLE %I', r.rolname)"
            + " ELSE pg_catalog.format('ALTER ROLE %I IN DATABASE %I', r.rolname, ?::text) END"
            + " || ' SET ' || split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)"
            + " FROM pg_catalog.pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS c"
            + " LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole"
            + " WHERE lower(split_part(c, '=', 1)) <> 'default_transaction_read_only'"
            + " AND (s.setdatabase = " + Catalog.DATABASE + " OR (s.setdatabase = 0 AND s.setrole <> 0"
            + " AND pg_catalog.has_database_privilege(r.oid, " + Catalog.DATABASE + ", 'CONNECT')))"
            + " AND (r.rolname IS NULL OR (r.rolname !~ '^pg_' AND (NOT r.rolsuper OR r.rolname = ?)))";
    /** Their values are lists of names, which a statement takes as they are. */
    private static final Set<String> LISTS = Set.of("search_path", "session_preload_libraries", "temp_tablespaces");

    @Override
    public About about() {
        return new About(
                "database-settings",
                Group.SETTINGS,
                "What ALTER DATABASE and ALTER ROLE set does not come along by itself.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        ServerPair pair = servers.subject().pair();
        String target = pair.intended().endpoint().databaseName();
        Map<String, String> wanted =
                servers.source().map(SETTINGS, target, target, pair.present().username());
        Map<String, String> there =
                servers.target().map(SETTINGS, target, target, pair.intended().username());
        List<String> differing = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        wanted.forEach((subject, value) -> {
            if (!value.equals(there.get(subject))) {
                differing.add(subject + " TO " + value);
                remedies.add(Remedy.onTarget(subject + " TO " + written(subject, value) + ";"));
            }
        });
        return differing.isEmpty()
                ? Finding.pass("what is set for the database and for roles is the same on both ("
                        + Names.count(wanted.size(), "setting") + ")")
                : Finding.warn(differing.size() + " not so on the target: " + Names.some(differing), remedies);
    }

    private static String written(String subject, String value) {
        String name = subject.substring(subject.lastIndexOf(' ') + 1).toLowerCase(Locale.ROOT);
        return LISTS.contains(name) ? value : SqlText.literal(value).strip();
    }
}
