package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.ArrayList;
import java.util.List;

/** Indexes on texts were built with the collations that are there now. */
final class CollationVersionCheck implements ServerCheck {
    private static final String DATABASE =
            "SELECT pg_catalog.format('ALTER DATABASE %I REFRESH COLLATION VERSION;', datname)"
                    + " FROM pg_catalog.pg_database WHERE datname = current_database()"
                    + " AND datcollversion IS DISTINCT FROM pg_catalog.pg_database_collation_actual_version(oid)";
    private static final String COLLATIONS =
            "SELECT pg_catalog.format('ALTER COLLATION %I.%I REFRESH VERSION;', n.nspname, c.collname)"
                    + " FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace"
                    + " WHERE c.collversion IS DISTINCT FROM pg_catalog.pg_collation_actual_version(c.oid)"
                    + " AND c.collversion IS NOT NULL AND EXISTS (SELECT FROM pg_catalog.pg_attribute a"
                    + " WHERE a.attcollation = c.oid AND a.attrelid >= 16384) ORDER BY 1";
    private static final int DATABASES_HAVE_ONE = 15;

    @Override
    public About about() {
        return new About(
                "collation-version",
                Group.SETTINGS,
                "An index that was built under another version of a collation misses rows.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<Remedy> remedies = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Side side : Side.values()) {
            List<String> refreshes = refreshes(servers.on(side));
            if (!refreshes.isEmpty()) {
                wrong.add(NameLists.count(refreshes.size(), "collation") + " on the " + side.word());
                remedies.add(
                        Remedy.on(side, "REINDEX DATABASE " + servers.on(side).database() + ";"));
                refreshes.forEach(statement -> remedies.add(Remedy.on(side, statement)));
            }
        }
        return wrong.isEmpty()
                ? Finding.pass("as when the indexes were built, as far as the servers know")
                : Finding.warn("another version than the indexes were built with: " + NameLists.some(wrong), remedies);
    }

    private static List<String> refreshes(Server server) throws ServerException {
        List<String> statements = new ArrayList<>(server.texts(COLLATIONS));
        if (server.major() >= DATABASES_HAVE_ONE) {
            statements.addAll(server.texts(DATABASE));
        }
        return statements;
    }
}
