package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Timeouts;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.postgres.Servers.Both;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What is set for the database, for roles, and for roles in the database.
 *
 * @param values by the statement that sets each up to its value, such as {@code ALTER ROLE app SET work_mem}
 * @param places how statements for some roles begin, with names as the server writes them
 */
record DatabaseSettings(Both<Map<String, String>> values, Places places) {
    /** Leaves out the fence's setting, which another check judges. */
    private static final String SETTINGS = CatalogSql.sql("""
            SELECT CASE WHEN s.setrole = 0 THEN pg_catalog.format('ALTER DATABASE %I', ?::text)
                        WHEN s.setdatabase = 0 THEN pg_catalog.format('ALTER ROLE %I', r.rolname)
                        ELSE pg_catalog.format('ALTER ROLE %I IN DATABASE %I', r.rolname, ?::text) END
                   || ' SET ' || split_part(c, '=', 1),
                   substr(c, strpos(c, '=') + 1)
            FROM pg_catalog.pg_db_role_setting s
            CROSS JOIN unnest(s.setconfig) AS c
            LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
            WHERE lower(split_part(c, '=', 1)) <> 'default_transaction_read_only'
              AND (s.setdatabase = {database} OR (s.setdatabase = 0 AND s.setrole <> 0
                  AND pg_catalog.has_database_privilege(r.oid, {database}, 'CONNECT')))
              AND (r.rolname IS NULL OR (r.rolname !~ '^pg_' AND (NOT r.rolsuper OR r.rolname = ?)))
            """);

    private static final String PLACES = """
            SELECT format('ALTER DATABASE %I ', ?::text), format('ALTER ROLE %I ', ?::text),
                   format('ALTER ROLE %I IN DATABASE %I ', ?::text, ?::text), format('ALTER ROLE %I ', ?::text)
            """;
    /** Settings whose values are lists of names, which a statement takes unquoted. */
    private static final Set<String> LISTS = Set.of("search_path", "session_preload_libraries", "temp_tablespaces");

    /**
     * How statements begin.
     *
     * @param database for all roles on the target's database
     * @param services for the services' role everywhere
     * @param servicesHere for the services' role on the target's database
     * @param operator for the operator's role on the target, which owns the subscription
     */
    record Places(String database, String services, String servicesHere, String operator) {
        private static Places read(Servers servers) throws ServerException {
            String services = servers.subject().target().services();
            String database = databaseName(servers);
            return servers.target()
                    .one(
                            PLACES,
                            row -> new Places(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
                            database,
                            services,
                            services,
                            database,
                            servers.target().access().username());
        }

        /**
         * Where a setting should go on the target: a database's timeout is meant for the services, but set for the
         * target's database it would end copies too.
         */
        private String meant(String setting) {
            return setting.startsWith(database) && Timeouts.isOne(name(setting))
                    ? servicesHere + "SET " + name(setting)
                    : setting;
        }

        /** Whether it is a timeout that would apply to the subscription's workers. */
        private boolean isOfWorkers(String setting) {
            return !operator.equals(services) && setting.startsWith(operator) && Timeouts.isOne(name(setting));
        }
    }

    static DatabaseSettings read(Servers servers) throws ServerException {
        String database = databaseName(servers);
        return new DatabaseSettings(
                servers.both(server ->
                        server.map(SETTINGS, database, database, server.access().services())),
                Places.read(servers));
    }

    private static String databaseName(Servers servers) {
        return servers.subject().pair().targetSettings().endpoint().databaseName();
    }

    Finding judge() {
        List<String> differing = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        boolean timeouts = false;
        for (Map.Entry<String, String> each : values.source().entrySet()) {
            String meant = places.meant(each.getKey());
            if (isMissing(each.getKey(), meant, each.getValue())) {
                timeouts |= !meant.equals(each.getKey());
                differing.add(meant + " TO " + each.getValue());
                remedies.add(Remedy.onTarget(meant + " TO " + written(meant, each.getValue()) + ";"));
            }
        }
        if (timeouts) {
            remedies.add(
                    Remedy.advice("timeouts for the services' role only, as long as the target follows: those of the"
                            + " database would end the subscription's workers too"));
        }
        return differing.isEmpty()
                ? Finding.pass("what is set for the database and for roles is the same on both ("
                        + NameLists.count(values.source().size(), "setting") + ")")
                : Finding.warn(differing.size() + " different on the target: " + NameLists.some(differing), remedies);
    }

    private boolean isMissing(String setting, String meant, String value) {
        boolean ofServices = values.source().containsKey(places.services() + "SET " + name(meant));
        boolean needless = places.isOfWorkers(setting) || (!meant.equals(setting) && ofServices);
        return !needless
                && !value.equals(values.target().get(setting))
                && !value.equals(values.target().get(meant));
    }

    private static String name(String setting) {
        return setting.substring(setting.lastIndexOf(' ') + 1);
    }

    private static String written(String setting, String value) {
        return LISTS.contains(name(setting).toLowerCase(Locale.ROOT))
                ? value
                : Sql.literal(value).strip();
    }
}
