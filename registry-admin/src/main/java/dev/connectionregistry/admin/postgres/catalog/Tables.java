package dev.connectionregistry.admin.postgres.catalog;

import dev.connectionregistry.admin.postgres.session.Remedies;
import dev.connectionregistry.admin.postgres.session.Session;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.time.Duration;
import java.util.List;

/** Counts rows. */
public final class Tables {
    private static final String RESOLVE = "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)"
            + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.oid = to_regclass(?)";

    private Tables() {}

    /**
     * How many rows there are.
     *
     * @param table as it is written in SQL; it is looked up as a name, never executed as text
     */
    public static long count(Session session, String table, Duration bound) throws ServerException {
        return session.call("count the rows of " + table, Remedies.READ_TABLE, bound, end -> {
            List<String> names = session.query(end, RESOLVE, row -> row.getString(1), table);
            if (names.isEmpty()) {
                throw new ServerException(
                        Kind.NOT_SO,
                        "there is no table " + table + " on " + session.login().endpoint(),
                        null);
            }
            return session.queryOne(end, "SELECT count(*) FROM " + names.get(0), row -> row.getLong(1));
        });
    }
}
