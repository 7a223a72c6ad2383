package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.CutoverServer;
import dev.connectionregistry.admin.postgres.RememberedSchema;
import dev.connectionregistry.admin.postgres.RowCounter;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.postgres.TableCounts;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.server.TableSize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What source and target answer in the same way, over one session. */
abstract sealed class PostgresServer implements CutoverServer
        permits PostgresSourceServer, PostgresTargetServer, PostgresLook {
    private final Session session;
    private final PostgresIdentity identity;
    private final RememberedSchema schema;

    /** Owns {@code session}. */
    PostgresServer(Session session, PostgresIdentity identity) {
        this.session = session;
        this.identity = identity;
        this.schema = new RememberedSchema(session);
    }

    /** This object still closes it. */
    final Session session() {
        return session;
    }

    @Override
    public final PostgresIdentity identity() {
        return identity;
    }

    @Override
    public final List<String> schemaLines(Duration bound) throws ServerException {
        return schema.lines(bound);
    }

    @Override
    public final long count(String table, Duration bound) throws ServerException {
        return RowCounter.count(session, table, bound);
    }

    @Override
    public final List<TableSize> tableSizes(Duration bound) throws ServerException {
        return new TableCounts(session).sizes(bound);
    }

    @Override
    public final Set<TableName> published(Set<String> publications, Duration bound) throws ServerException {
        return new TableCounts(session).published(publications, bound);
    }

    @Override
    public final Map<TableName, Long> counts(List<TableName> tables, Duration bound) throws ServerException {
        return new TableCounts(session).count(tables, bound);
    }

    @Override
    public final void cancel() {
        session.cancel();
    }

    @Override
    public void close() {
        session.close();
    }
}
