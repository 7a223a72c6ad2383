package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Timeouts;
import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.preflight.postgres.Servers.Both;
import dev.connectionregistry.admin.preflight.postgres.SettingSources.Setting;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks the settings of the two servers and databases. */
final class SettingChecks {
    private SettingChecks() {}

    static final String ENCODING = """
            SELECT pg_catalog.pg_encoding_to_char(encoding)
            FROM pg_catalog.pg_database WHERE datname = current_database()
            """;

    static Finding encoding(Both<String> encodings, Subject subject) {
        String source = encodings.source();
        String target = encodings.target();
        if (source.equals(target)) {
            return Finding.pass("both are " + source);
        }
        String both = "the source is " + source + ", the target " + target;
        return target.equals("UTF8") && !source.equals("SQL_ASCII")
                ? Finding.warn(both, Remedy.advice("texts are converted; they may get longer in bytes"))
                : Finding.fail(
                        both,
                        Remedy.advice("create the target's database again, from template0: CREATE DATABASE "
                                + subject.target().database() + " ENCODING '" + source + "' TEMPLATE template0"));
    }

    /** Older servers have fewer columns: a missing one is null. */
    static final String LOCALE = """
            SELECT 'collate ' || coalesce(d.datcollate, '') || ', ctype ' || coalesce(d.datctype, '')
                   || CASE coalesce(to_jsonb(d) ->> 'datlocprovider', 'c')
                      WHEN 'c' THEN ''
                      WHEN 'b' THEN ', built in ' || coalesce(to_jsonb(d) ->> 'datlocale', '')
                      ELSE ', ICU ' || coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', '') END
            FROM pg_catalog.pg_database d WHERE datname = current_database()
            """;

    static Finding collation(Both<String> locales) {
        return locales.source().equals(locales.target())
                ? Finding.pass("both: " + locales.source())
                : Finding.warn(
                        "source: " + locales.source() + "; target: " + locales.target(),
                        Remedy.advice("create the target's database again with the source's locale, from template0, or"
                                + " make sure that nothing depends on the order of texts"));
    }

    private static final int DATABASES_HAVE_ONE = 15;
    private static final String REFRESH_DATABASE = """
            SELECT pg_catalog.format('ALTER DATABASE %I REFRESH COLLATION VERSION;', datname)
            FROM pg_catalog.pg_database
            WHERE datname = current_database()
              AND datcollversion IS DISTINCT FROM pg_catalog.pg_database_collation_actual_version(oid)
            """;
    private static final String REFRESH_COLLATIONS = """
            SELECT pg_catalog.format('ALTER COLLATION %I.%I REFRESH VERSION;', n.nspname, c.collname)
            FROM pg_catalog.pg_collation c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
            WHERE c.collversion IS NOT NULL
              AND c.collversion IS DISTINCT FROM pg_catalog.pg_collation_actual_version(c.oid)
              AND EXISTS (
                  SELECT FROM pg_catalog.pg_attribute a WHERE a.attcollation = c.oid AND a.attrelid >= 16384)
            ORDER BY 1
            """;

    /** The statements that record the changed version of a collation. */
    static List<String> refreshes(Server server) throws ServerException {
        List<String> statements = new ArrayList<>(server.texts(REFRESH_COLLATIONS));
        if (server.major() >= DATABASES_HAVE_ONE) {
            statements.addAll(server.texts(REFRESH_DATABASE));
        }
        return statements;
    }

    static Finding collationVersion(Both<List<String>> refreshes, Subject subject) {
        List<Remedy> remedies = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Side side : Side.values()) {
            List<String> statements = refreshes.on(side);
            if (!statements.isEmpty()) {
                Access access = subject.on(side);
                wrong.add(NameLists.count(statements.size(), "collation") + " on the " + side.word());
                remedies.add(access.remedy("REINDEX DATABASE " + access.database() + ";"));
                statements.forEach(each -> remedies.add(access.remedy(each)));
            }
        }
        return wrong.isEmpty()
                ? Finding.pass("as when the indexes were built, as far as the servers know")
                : Finding.warn(
                        "a different version from the one that the indexes were built with: " + NameLists.some(wrong),
                        remedies);
    }

    /**
     * The timeouts that would end a copy. On the source {@code start} switches them off for the sessions that it
     * causes, if the target's subscriptions heed that; the target's workers have the settings of the subscription's
     * owner.
     *
     * @param ofSessions the timeouts that are set for our role on the source
     * @param ofWorkers the timeouts that are set for our role on the target
     * @param heeded whether subscriptions of the target heed options
     */
    record CopyTimeouts(Map<String, Setting> ofSessions, Map<String, Setting> ofWorkers, boolean heeded) {
        static CopyTimeouts read(Servers servers) throws ServerException {
            int version =
                    servers.target().one("SELECT current_setting('server_version_num')::int", row -> row.getInt(1));
            return new CopyTimeouts(
                    on(servers.source(), Timeouts.OF_SESSIONS),
                    on(servers.target(), Timeouts.OF_WORKERS),
                    Timeouts.areHeededInSubscriptions(version));
        }

        private static Map<String, Setting> on(Server server, List<String> names) throws ServerException {
            Map<String, Setting> found = new TreeMap<>(SettingSources.ofSession(server, names));
            found.values().removeIf(each -> each.value().equals("0"));
            return found;
        }
    }

    static Finding copyTimeouts(CopyTimeouts timeouts, Subject subject) {
        List<String> wrong = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        Map<String, Setting> ofSessions = timeouts.ofSessions();
        if (!timeouts.heeded() && !ofSessions.isEmpty()) {
            wrong.add(words(Side.SOURCE, ofSessions) + " would end copies, and start can't switch that off, since"
                    + " subscriptions of this minor release of the target don't heed options");
            ofSessions.keySet().forEach(each -> remedies.add(off(subject.source(), each)));
        }
        if (!timeouts.ofWorkers().isEmpty()) {
            wrong.add(words(Side.TARGET, timeouts.ofWorkers()) + " would end what the subscription's workers do");
            timeouts.ofWorkers().keySet().forEach(each -> remedies.add(off(subject.target(), each)));
        }
        if (!wrong.isEmpty()) {
            return Finding.fail(String.join("; ", wrong), remedies);
        }
        return Finding.pass(
                ofSessions.isEmpty()
                        ? "none"
                        : words(Side.SOURCE, ofSessions) + "; start switches that off for the sessions that it causes");
    }

    /** Sets it for the role in this database, which wins over all other places. */
    private static Remedy off(Access access, String name) {
        return access.give(
                "ALTER ROLE " + access.role() + " IN DATABASE " + access.database() + " SET " + name + " = 0;");
    }

    private static String words(Side side, Map<String, Setting> settings) {
        return "on the " + side.word() + " "
                + settings.entrySet().stream()
                        .map(each -> each.getKey() + " of " + each.getValue().value() + " ms (from: "
                                + each.getValue().source() + ")")
                        .collect(Collectors.joining(", "));
    }

    static final String LIBRARIES = """
            SELECT name, setting FROM pg_catalog.pg_settings
            WHERE name IN ('shared_preload_libraries', 'session_preload_libraries', 'local_preload_libraries')
            """;

    static Finding libraries(Both<Map<String, String>> settings) {
        List<String> missing = new ArrayList<>();
        settings.source().forEach((name, value) -> {
            Set<String> there = libraries(settings.target().getOrDefault(name, ""));
            libraries(value).stream()
                    .filter(each -> !there.contains(each))
                    .forEach(each -> missing.add(each + " (" + name + ")"));
        });
        return missing.isEmpty()
                ? Finding.pass("the target loads all that the source loads")
                : Finding.warn(
                        "not loaded by the target: " + NameLists.some(missing),
                        Remedy.advice("install them there, add them to the setting and restart; or make sure that"
                                + " nobody needs them"));
    }

    private static Set<String> libraries(String list) {
        return Stream.of(list.split(",", -1))
                .map(each -> each.replace("\"", "").strip())
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
