package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.cutover.server.ServerException;
import java.time.Duration;
import java.util.List;

/** Reads the lines of a schema in one query. */
final class SchemaReader {
    private final Session session;

    SchemaReader(Session session) {
        this.session = session;
    }

    /** Sorted here, since servers sort as their locale says. */
    List<String> lines(Duration bound) throws ServerException {
        return session.call(
                "read the schema",
                Remedies.NONE,
                bound,
                end -> session.rehearse(end, within -> {
                    session.execute(
                            within, "SET LOCAL search_path = pg_catalog"); // else names come without their schema
                    return session
                            .query(within, SchemaQuery.LINES, row -> SchemaText.normalise(row.getString(1)))
                            .stream()
                            .sorted()
                            .toList();
                }));
    }
}
