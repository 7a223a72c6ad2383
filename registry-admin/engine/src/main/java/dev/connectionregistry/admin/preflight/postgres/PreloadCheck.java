package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Libraries that the servers load. */
final class PreloadCheck implements ServerCheck {
    private static final String LIBRARIES = "SELECT name, setting FROM pg_catalog.pg_settings"
            + " WHERE name IN ('shared_preload_libraries', 'session_preload_libraries', 'local_preload_libraries')";

    @Override
    public About about() {
        return new About(
                "preload-libraries",
                Group.SETTINGS,
                "An extension or a policy that lives in a preloaded library is missing without a word.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        for (Side side : Side.values()) {
            Optional<Finding> blind = servers.on(side).lacks("pg_read_all_settings");
            if (blind.isPresent()) {
                return blind.get();
            }
        }
        return judge(servers.source().map(LIBRARIES), servers.target().map(LIBRARIES));
    }

    private static Finding judge(Map<String, String> source, Map<String, String> target) {
        List<String> missing = new ArrayList<>();
        source.forEach((name, value) -> {
            Set<String> there = libraries(target.getOrDefault(name, ""));
            libraries(value).stream()
                    .filter(each -> !there.contains(each))
                    .forEach(each -> missing.add(each + " (" + name + ")"));
        });
        return missing.isEmpty()
                ? Finding.pass("whatever the source loads, the target does too")
                : Finding.warn(
                        "not loaded by the target: " + NameLists.some(missing),
                        Remedy.advice(
                                "install them there, add them to the setting and restart; or be sure that nobody needs"
                                        + " them"));
    }

    private static Set<String> libraries(String list) {
        return Stream.of(list.split(",", -1))
                .map(each -> each.replace("\"", "").strip())
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
