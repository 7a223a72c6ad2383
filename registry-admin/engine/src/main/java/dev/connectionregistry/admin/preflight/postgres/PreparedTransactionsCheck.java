package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.Map;

/** No transaction is prepared. */
final class PreparedTransactionsCheck implements ServerCheck {
    private static final String PREPARED =
            "SELECT pg_catalog.quote_literal(gid), owner::text FROM pg_catalog.pg_prepared_xacts"
                    + " WHERE database = current_database() ORDER BY prepared";

    @Override
    public About about() {
        return new About(
                "prepared-transactions",
                Group.ACTIVITY,
                "A prepared transaction commits behind the fence; the cutover refuses while there is one.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Map<String, String> found = servers.source().map(PREPARED);
        return found.isEmpty()
                ? Finding.pass("none")
                : Finding.fail(
                        NameLists.count(found.size(), "prepared transaction") + ": "
                                + NameLists.some(NameLists.each(
                                        found.entrySet(), each -> each.getKey() + " of " + each.getValue())),
                        NameLists.each(
                                found.keySet(),
                                gid -> Remedy.onSource(
                                        "ROLLBACK PREPARED " + gid + "; -- or COMMIT PREPARED " + gid + ";")));
    }
}
