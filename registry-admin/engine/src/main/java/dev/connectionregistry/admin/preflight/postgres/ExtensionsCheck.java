package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The extensions of the source are on the target. */
final class ExtensionsCheck implements ServerCheck {
    private static final String INSTALLED = "SELECT extname, extversion FROM pg_catalog.pg_extension";
    private static final String AVAILABLE = "SELECT name, default_version FROM pg_catalog.pg_available_extensions";

    @Override
    public About about() {
        return new About(
                "extensions",
                Group.SCHEMA,
                "Types, functions and index methods of an extension come with the extension only.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Map<String, String> source = servers.source().map(INSTALLED);
        return judge(source, servers.target().map(INSTALLED), servers.target().map(AVAILABLE));
    }

    static Finding judge(Map<String, String> source, Map<String, String> target, Map<String, String> available) {
        List<String> missing = new ArrayList<>();
        List<String> others = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        source.forEach((name, version) -> {
            String there = target.get(name);
            if (there == null) {
                missing.add(name + " " + version);
                remedies.add(install(name, available.containsKey(name)));
            } else if (!there.equals(version)) {
                others.add(name + " " + version + " (target: " + there + ")");
                if (!there.equals(available.get(name))) {
                    remedies.add(Remedy.onTarget("ALTER EXTENSION " + SqlText.identifier(name) + " UPDATE;"));
                }
            }
        });
        String also = others.isEmpty() ? "" : "other versions: " + NameLists.some(others);
        if (!missing.isEmpty()) {
            return Finding.fail(
                    "not on the target: " + NameLists.some(missing) + (also.isEmpty() ? "" : "; " + also), remedies);
        }
        if (others.isEmpty()) {
            return Finding.pass(NameLists.count(source.size(), "extension") + " of the same version");
        }
        remedies.add(Remedy.advice("read the release notes of the extensions between the two versions"));
        return Finding.warn(also, remedies);
    }

    private static Remedy install(String name, boolean available) {
        String sql = "CREATE EXTENSION " + SqlText.identifier(name) + ";";
        return available
                ? Remedy.onTarget(sql)
                : Remedy.advice("install the package of extension " + name + " on the target's machine, then: " + sql);
    }
}
