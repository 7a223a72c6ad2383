package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.preflight.postgres.Servers.Both;
import dev.connectionregistry.admin.preflight.postgres.SettingSources.Setting;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.admin.server.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The servers' settings that change what services see.
 *
 * @param settings the settings of each server; those that only its files show are included only if our role may read
 *     the files
 * @param mayReadFiles whether our role may read the files
 */
record ServerSettings(Both<Map<String, Setting>> settings, Both<Boolean> mayReadFiles) {
    /** Settings that change what statements mean or how they end. */
    private static final List<String> EQUAL = List.of(
            "backslash_quote",
            "bytea_output",
            "default_text_search_config",
            "default_transaction_deferrable",
            "default_transaction_isolation",
            "escape_string_warning",
            "idle_in_transaction_session_timeout",
            "IntervalStyle",
            "lc_monetary",
            "lc_numeric",
            "lc_time",
            "lock_timeout",
            "row_security",
            "search_path",
            "standard_conforming_strings",
            "statement_timeout",
            "synchronous_commit",
            "transform_null_equals",
            "xmloption");
    /** Settings of which a lower value means refused work. */
    private static final List<String> NOT_LESS =
            List.of("max_connections", "max_locks_per_transaction", "max_prepared_transactions");
    /** Settings that the driver sets for every session, so that only the files show their value for others. */
    private static final List<String> IN_FILES = List.of("DateStyle", "TimeZone");

    private static final Setting NOT_SET = new Setting("", "default", "", 0);
    private static final String FILES = """
            SELECT name, setting FROM pg_catalog.pg_file_settings WHERE applied AND lower(name) = ANY (?::text[])
            """;

    static ServerSettings read(Servers servers) throws ServerException {
        List<String> all = Stream.concat(EQUAL.stream(), NOT_LESS.stream()).toList();
        Both<Map<String, Setting>> settings = servers.both(server -> SettingSources.ofServer(server, all));
        Both<Boolean> mayRead = servers.both(SettingSources::mayReadFiles);
        if (mayRead.source() && mayRead.target()) {
            settings.source().putAll(fromFiles(servers.source()));
            settings.target().putAll(fromFiles(servers.target()));
        }
        return new ServerSettings(settings, mayRead);
    }

    private static Map<String, Setting> fromFiles(Server server) throws ServerException {
        Map<String, String> found = server.map(
                FILES,
                IN_FILES.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
        Map<String, Setting> all = new TreeMap<>();
        for (String name : IN_FILES) {
            all.put(name, NOT_SET);
            found.forEach((key, value) -> {
                if (key.equalsIgnoreCase(name)) {
                    all.put(name, new Setting(value, "configuration file", "", 0));
                }
            });
        }
        return all;
    }

    /** The check can't pass while something can't be seen. */
    Finding judge(Subject subject) {
        List<String> hidden = hidden();
        List<String> wrong = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        settings.source().forEach((name, setting) -> {
            Setting there = settings.target().getOrDefault(name, NOT_SET);
            if (!hidden.contains(name) && !isFine(name, setting.value(), there.value())) {
                wrong.add(name + " is " + shown(setting.value()) + " on the source, " + shown(there.value())
                        + " on the target");
                remedies.add(remedy(name, setting.value(), there));
            }
        });
        if (remedies.stream().anyMatch(each -> each.place() == Remedy.Place.TARGET)) {
            remedies.add(Remedy.onTarget("SELECT pg_reload_conf();"));
        }
        if (wrong.stream().anyMatch(each -> each.startsWith("max_"))) {
            remedies.add(Remedy.advice(
                    "restart the target afterwards: settings that begin with max_ take effect only then"));
        }
        if (!hidden.isEmpty()) {
            wrong.add(String.join(" and ", hidden) + " can't be seen");
            Stream.of(Side.values())
                    .filter(side -> !mayReadFiles.on(side))
                    .forEach(side -> remedies.addAll(grants(subject.on(side))));
        }
        return wrong.isEmpty()
                ? Finding.pass(settings.source().size() + " settings are equal")
                : Finding.warn(String.join("; ", wrong), remedies);
    }

    /** Settings that only the files of a server show, which our role may not read. */
    private List<String> hidden() {
        if (mayReadFiles.source() && mayReadFiles.target()) {
            return List.of();
        }
        return Stream.concat(
                        Stream.of("TimeZone", "DateStyle"),
                        Stream.concat(EQUAL.stream(), NOT_LESS.stream())
                                .filter(each -> !settings.source().containsKey(each)
                                        || !settings.target().containsKey(each)))
                .toList();
    }

    private static List<Remedy> grants(Access access) {
        return List.of(
                access.give("GRANT SELECT ON pg_catalog.pg_file_settings TO " + access.role() + ";"),
                access.give(
                        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_show_all_file_settings() TO " + access.role() + ";"));
    }

    private static boolean isFine(String name, String source, String target) {
        return NOT_LESS.contains(name) ? isNotLess(target, source) : target.equals(source);
    }

    /** A list of names is written unquoted. The command line wins over anything that ALTER SYSTEM writes. */
    private static Remedy remedy(String name, String value, Setting there) {
        if (there.source().equals("command line")) {
            return Remedy.advice(
                    "the target has " + name + " on its command line: change it there, and restart the target");
        }
        String written = name.equals("search_path") ? value : Sql.literal(value).strip();
        return Remedy.onTarget("ALTER SYSTEM SET " + name + " = " + written + ";");
    }

    private static boolean isNotLess(String target, String source) {
        return !target.isEmpty() && Long.parseLong(target) >= Long.parseLong(source);
    }

    private static String shown(String value) {
        return value.isEmpty() ? "not set" : value;
    }
}
