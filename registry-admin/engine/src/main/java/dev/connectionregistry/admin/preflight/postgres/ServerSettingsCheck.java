package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.postgres.SettingSources.Setting;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the servers are set to, where it changes what services see. */
final class ServerSettingsCheck implements ServerCheck {
    /** Changes what statements mean or how they end. */
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
    /** Less of it is refused work. */
    private static final List<String> NOT_LESS =
            List.of("max_connections", "max_locks_per_transaction", "max_prepared_transactions");
    /** Those that the driver sets for every session, so that only the files tell what they are for others. */
    private static final List<String> IN_FILES = List.of("DateStyle", "TimeZone");

    private static final Setting NOT_SET = new Setting("", "default", "", 0);
    private static final String FILES =
            "SELECT name, setting FROM pg_catalog.pg_file_settings WHERE applied AND lower(name) = ANY (?::text[])";

    @Override
    public About about() {
        return new About(
                "server-settings",
                Group.SETTINGS,
                "A setting that was forgotten changes results, limits or time-outs after the move.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<String> all = new ArrayList<>(EQUAL);
        all.addAll(NOT_LESS);
        Map<String, Setting> source = SettingSources.ofServer(servers.source(), all);
        Map<String, Setting> target = SettingSources.ofServer(servers.target(), all);
        List<Remedy> grants = new ArrayList<>();
        for (Side side : Side.values()) {
            grants.addAll(missingGrants(servers.on(side)));
        }
        List<String> hidden = new ArrayList<>();
        if (grants.isEmpty()) {
            source.putAll(fromFiles(servers.source()));
            target.putAll(fromFiles(servers.target()));
        } else {
            hidden.addAll(List.of("TimeZone", "DateStyle"));
            all.stream()
                    .filter(each -> !source.containsKey(each) || !target.containsKey(each))
                    .forEach(hidden::add);
        }
        source.keySet().removeAll(hidden);
        return judge(source, target, hidden, grants);
    }

    private static List<Remedy> missingGrants(Server server) throws ServerException {
        return SettingSources.mayReadFiles(server)
                ? List.of()
                : List.of(
                        server.give("GRANT SELECT ON pg_catalog.pg_file_settings TO " + server.role() + ";"),
                        server.give("GRANT EXECUTE ON FUNCTION pg_catalog.pg_show_all_file_settings() TO "
                                + server.role() + ";"));
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

    /** What {@code grants} would show isn't known, so all can't be well without them. */
    static Finding judge(
            Map<String, Setting> source, Map<String, Setting> target, List<String> hidden, List<Remedy> grants) {
        List<String> wrong = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        source.forEach((name, setting) -> {
            Setting there = target.getOrDefault(name, NOT_SET);
            String value = setting.value();
            String other = there.value();
            boolean fine = NOT_LESS.contains(name) ? isNotLess(other, value) : other.equals(value);
            if (!fine) {
                wrong.add(name + " is " + shown(value) + " on the source, " + shown(other) + " on the target");
                remedies.add(remedy(name, value, there));
            }
        });
        if (remedies.stream().anyMatch(each -> each.place() == Remedy.Place.TARGET)) {
            remedies.add(Remedy.onTarget("SELECT pg_reload_conf();"));
        }
        if (source.keySet().stream().anyMatch(NOT_LESS::contains)
                && wrong.stream().anyMatch(each -> each.startsWith("max_"))) {
            remedies.add(Remedy.advice("restart the target after that: what begins with max_ counts only then"));
        }
        if (!grants.isEmpty()) {
            wrong.add(String.join(" and ", hidden) + " can't be seen");
            remedies.addAll(grants);
        }
        return wrong.isEmpty()
                ? Finding.pass(source.size() + " settings are alike")
                : Finding.warn(String.join("; ", wrong), remedies);
    }

    /** A list of names is written as it is. Nothing that ALTER SYSTEM writes wins over the command line. */
    private static Remedy remedy(String name, String value, Setting there) {
        if (there.source().equals("command line")) {
            return Remedy.advice(
                    "the target has " + name + " on its command line: change it there, and restart the target");
        }
        return Remedy.onTarget("ALTER SYSTEM SET " + name + " = "
                + (name.equals("search_path") ? value : SqlText.literal(value).strip()) + ";");
    }

    private static boolean isNotLess(String target, String source) {
        return !target.isEmpty() && Long.parseLong(target) >= Long.parseLong(source);
    }

    private static String shown(String value) {
        return value.isEmpty() ? "not set" : value;
    }
}
