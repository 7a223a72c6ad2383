package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.postgres.Timeouts;
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
            + " AND (s.setdatabase = " + CatalogSql.DATABASE + " OR (s.setdatabase = 0 AND s.setrole <> 0"
            + " AND pg_catalog.has_database_privilege(r.oid, " + CatalogSql.DATABASE + ", 'CONNECT')))"
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
        String target = pair.targetSettings().endpoint().databaseName();
        Map<String, String> wanted = servers.source()
                .map(SETTINGS, target, target, pair.sourceSettings().username());
        Map<String, String> there = servers.target()
                .map(SETTINGS, target, target, pair.targetSettings().username());
        Subjects subjects = subjects(servers);
        List<String> differing = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        boolean timeouts = false;
        for (Map.Entry<String, String> each : wanted.entrySet()) {
            String value = each.getValue();
            String meant = subjects.meant(each.getKey());
            boolean needless = subjects.isOfWorkers(each.getKey())
                    || (!meant.equals(each.getKey()) && wanted.containsKey(subjects.ofServices(name(meant))));
            if (!needless && !value.equals(there.get(each.getKey())) && !value.equals(there.get(meant))) {
                timeouts |= !meant.equals(each.getKey());
                differing.add(meant + " TO " + value);
                remedies.add(Remedy.onTarget(meant + " TO " + written(meant, value) + ";"));
            }
        }
        if (timeouts) {
            remedies.add(
                    Remedy.advice("time-outs for the services' role only, as long as the target follows: those of the"
                            + " database would end the subscription's workers too"));
        }
        return differing.isEmpty()
                ? Finding.pass("what is set for the database and for roles is the same on both ("
                        + NameLists.count(wanted.size(), "setting") + ")")
                : Finding.warn(differing.size() + " not so on the target: " + NameLists.some(differing), remedies);
    }

    /**
     * How statements begin, in the server's way of writing names.
     *
     * @param database for everybody on the target
     * @param services for the services' role everywhere
     * @param servicesHere for the services' role on the target's database
     * @param admin for the role that works on the target, which owns the subscription
     */
    private record Subjects(String database, String services, String servicesHere, String admin) {
        /** A time-out of the database is meant for the services; on the target it would end copies too. */
        String meant(String subject) {
            return subject.startsWith(database) && Timeouts.isOne(name(subject))
                    ? servicesHere + "SET " + name(subject)
                    : subject;
        }

        String ofServices(String name) {
            return services + "SET " + name;
        }

        /** Time-outs that the subscription's workers would get. */
        boolean isOfWorkers(String subject) {
            return !admin.equals(services) && subject.startsWith(admin) && Timeouts.isOne(name(subject));
        }
    }

    private static Subjects subjects(Servers servers) throws ServerException {
        ServerPair pair = servers.subject().pair();
        String services = pair.targetSettings().username();
        String database = pair.targetSettings().endpoint().databaseName();
        return servers.target()
                .one(
                        "SELECT format('ALTER DATABASE %I ', ?::text), format('ALTER ROLE %I ', ?::text),"
                                + " format('ALTER ROLE %I IN DATABASE %I ', ?::text, ?::text),"
                                + " format('ALTER ROLE %I ', ?::text)",
                        row -> new Subjects(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
                        database,
                        services,
                        services,
                        database,
                        servers.target().login().username());
    }

    private static String name(String subject) {
        return subject.substring(subject.lastIndexOf(' ') + 1);
    }

    private static String written(String subject, String value) {
        String name = name(subject).toLowerCase(Locale.ROOT);
        return LISTS.contains(name) ? value : SqlText.literal(value).strip();
    }
}
