package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.server.Rights;
import dev.connectionregistry.admin.replication.server.Rights.MissingRight;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Asks the server for rights. Superusers have them all, so only what isn't a right can be missing for them. */
final class PostgresRights implements Rights {
    private final Session session;
    private final PostgresIdentity identity;

    PostgresRights(Session session, PostgresIdentity identity) {
        this.session = session;
        this.identity = identity;
    }

    @Override
    public List<MissingRight> toPublish(Collection<TableName> tables, int slots, Duration bound)
            throws ServerException {
        List<MissingRight> missing = new ArrayList<>();
        add(missing, RightsQueries.WAL_LEVEL, bound);
        add(missing, RightsQueries.FREE_SLOTS, bound, slots, slots, slots);
        add(missing, RightsQueries.CREATE, bound, "make publications");
        add(missing, RightsQueries.REPLICATION, bound, session.login().username());
        add(missing, RightsQueries.OWNERS, bound, schemas(tables), names(tables));
        return missing;
    }

    @Override
    public List<MissingRight> toBeReadBy(String role, Collection<TableName> tables, Duration bound)
            throws ServerException {
        List<MissingRight> missing = new ArrayList<>();
        add(missing, RightsQueries.ROLE, bound, role, role);
        if (!missing.isEmpty()) {
            return missing;
        }
        add(missing, RightsQueries.REPLICATION, bound, role);
        add(missing, RightsQueries.CONNECT, bound, role, role);
        add(missing, RightsQueries.SCHEMAS, bound, role, schemas(tables), names(tables), role);
        add(missing, RightsQueries.SELECT, bound, role, schemas(tables), names(tables), role);
        add(missing, RightsQueries.ROW_SECURITY, bound, schemas(tables), names(tables), role);
        return missing;
    }

    @Override
    public List<MissingRight> toSubscribe(
            Collection<TableName> tables, int subscriptions, boolean passfile, Duration bound) throws ServerException {
        List<MissingRight> missing = new ArrayList<>();
        add(missing, RightsQueries.TEMPORARY, bound);
        add(missing, RightsQueries.FREE_WORKERS, bound, subscriptions, subscriptions);
        if (identity.major() < RightsQueries.SUBSCRIBING_ROLE) {
            add(missing, RightsQueries.SUPERUSER, bound);
            add(missing, RightsQueries.WRITE_AS_ONESELF, bound, schemas(tables), names(tables));
            return missing;
        }
        add(missing, RightsQueries.CREATE, bound, "make subscriptions");
        add(missing, RightsQueries.CREATE_SUBSCRIPTION, bound);
        add(missing, RightsQueries.SET_OWNER, bound, schemas(tables), names(tables));
        add(missing, RightsQueries.WRITE_AS_OWNERS, bound, schemas(tables), names(tables));
        if (passfile) {
            add(missing, RightsQueries.PASSFILE, bound);
        }
        return missing;
    }

    private void add(List<MissingRight> missing, String sql, Duration bound, Object... parameters)
            throws ServerException {
        missing.addAll(session.call(
                "look at the rights",
                Remedies.NONE,
                bound,
                end -> session.query(
                        end, sql, row -> new MissingRight(row.getString(1), row.getString(2)), parameters)));
    }

    private static List<String> schemas(Collection<TableName> tables) {
        return tables.stream().map(TableName::schema).toList();
    }

    private static List<String> names(Collection<TableName> tables) {
        return tables.stream().map(TableName::name).toList();
    }
}
