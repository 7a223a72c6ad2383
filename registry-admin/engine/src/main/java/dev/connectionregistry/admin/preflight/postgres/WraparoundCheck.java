package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;

/** No database of the source is near the end of its transaction numbers. */
final class WraparoundCheck implements ServerCheck {
    private static final long WARN_AGE = 500_000_000;
    private static final long FAIL_AGE = 1_600_000_000;
    private static final String AGES = "SELECT datname, pg_catalog.age(datfrozenxid)::bigint,"
            + " pg_catalog.mxid_age(datminmxid)::bigint FROM pg_catalog.pg_database WHERE datallowconn"
            + " ORDER BY greatest(pg_catalog.age(datfrozenxid), pg_catalog.mxid_age(datminmxid)) DESC LIMIT 1";

    @Override
    public About about() {
        return new About(
                "wraparound",
                Group.DATA,
                "Copying and a slot that lags keep old rows from being frozen; a server that runs out of numbers stops taking writes.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        return servers.source().one(AGES, row -> judge(row.getString(1), row.getLong(2), row.getLong(3)));
    }

    static Finding judge(String database, long age, long multixactAge) {
        String message = "the oldest is database " + SqlText.identifier(database) + ": " + age / 1_000_000
                + " million transactions, " + multixactAge / 1_000_000 + " million multixacts, of 2100";
        long oldest = Math.max(age, multixactAge);
        if (oldest < WARN_AGE) {
            return Finding.pass(message);
        }
        Remedy vacuum = Remedy.onSource("VACUUM (FREEZE, VERBOSE);");
        Remedy where =
                Remedy.advice("in that database, before the copy begins; and look for long transactions, prepared ones"
                        + " and slots that hold it back");
        return oldest < FAIL_AGE ? Finding.warn(message, vacuum, where) : Finding.fail(message, vacuum, where);
    }
}
