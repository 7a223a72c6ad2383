package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.ArrayList;
import java.util.List;

/** No index is left half-built. */
final class InvalidIndexesCheck implements ServerCheck {
    private static final String INVALID = "SELECT " + CatalogSql.NAME + ", c.relkind = 'I'" + CatalogSql.RELATIONS
            + " AND EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indexrelid = c.oid"
            + " AND NOT (i.indisvalid AND i.indisready))" + CatalogSql.ORDER;
    private static final int REINDEX_CONCURRENTLY = 12;

    @Override
    public About about() {
        return new About(
                "invalid-indexes",
                Group.SCHEMA,
                "An index that is invalid costs every write and helps no query; a unique one may not even be true.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<String> found = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        for (Side side : Side.values()) {
            Server server = servers.on(side);
            boolean concurrently = server.major() >= REINDEX_CONCURRENTLY;
            server.query(INVALID, row -> {
                found.add(row.getString(1) + " on the " + side.word());
                return remedies.add(remedy(side, row.getString(1), row.getBoolean(2), concurrently));
            });
        }
        return found.isEmpty()
                ? Finding.pass("none")
                : Finding.warn(NameLists.count(found.size(), "index") + ": " + NameLists.some(found), remedies);
    }

    private static Remedy remedy(Side side, String index, boolean partitioned, boolean concurrently) {
        return partitioned
                ? Remedy.advice("attach the missing partitions' indexes to " + index + " on the " + side.word())
                : Remedy.on(side, "REINDEX INDEX " + (concurrently ? "CONCURRENTLY " : "") + index + ";");
    }
}
