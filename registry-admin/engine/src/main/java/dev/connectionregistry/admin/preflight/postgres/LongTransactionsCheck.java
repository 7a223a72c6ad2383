package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.settings.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** No transaction is open for long. */
final class LongTransactionsCheck implements ServerCheck {
    private static final String OLD = "SELECT a.pid, coalesce(a.usename, '?'), coalesce(a.application_name, ''),"
            + " coalesce(a.datname, ''), coalesce(a.state, ''),"
            + " (1000 * extract(epoch FROM clock_timestamp() - a.xact_start))::bigint"
            + " FROM pg_catalog.pg_stat_activity a WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()"
            + " AND a.xact_start < clock_timestamp() - ?::float8 * interval '1 millisecond' ORDER BY a.xact_start";

    @Override
    public About about() {
        return new About(
                "long-transactions",
                Group.ACTIVITY,
                "A slot is made only when every older transaction of the server has ended, and the hold waits for them.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Optional<Finding> blind = servers.source().lacks("pg_read_all_stats");
        return blind.isPresent() ? blind.get() : seen(servers);
    }

    private static Finding seen(Servers servers) throws ServerException {
        Duration limit = servers.subject().longTransaction();
        List<String> found = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        servers.source()
                .query(
                        OLD,
                        row -> {
                            remedies.add(Remedy.onSource("SELECT pg_terminate_backend(" + row.getInt(1) + ");"));
                            return found.add(row.getInt(1) + " of " + row.getString(2) + " (" + row.getString(3)
                                    + ") in " + row.getString(4) + ", " + row.getString(5) + ", for "
                                    + row.getLong(6) / 1000 + " s");
                        },
                        limit.toMillis());
        return found.isEmpty()
                ? Finding.pass("none older than " + Durations.text(limit))
                : Finding.warn(
                        NameLists.count(found.size(), "transaction") + " older than " + Durations.text(limit) + ": "
                                + NameLists.some(found),
                        remedies);
    }
}
