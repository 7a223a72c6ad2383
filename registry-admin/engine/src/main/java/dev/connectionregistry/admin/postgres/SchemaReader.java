package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Reads the lines of a schema in one query. */
public final class SchemaReader {
    /** A lock that lets nobody read a definition may be held for hours. */
    private static final int LOCK_MILLIS = 5000;

    private final Session session;

    /** Reads over {@code session}, which the caller closes. */
    public SchemaReader(Session session) {
        this.session = session;
    }

    /** Sorts here, since servers sort by their locale. */
    public List<String> lines(Duration bound) throws ServerException {
        return session.call(
                "read the schema",
                Remedies.NONE,
                bound,
                end ->
                        session.rolledBack(
                                end, settings(end), within -> session
                                        .query(within, SchemaQuery.LINES, row -> SchemaText.normalise(row.getString(1)))
                                        .stream()
                                        .sorted()
                                        .toList()));
    }

    /**
     * Leaves the session's search path as it is: with {@link Session#SEARCH_PATH}, names come with their schema. From
     * Postgres 18 on a server tells the driver of each change of the path, and the driver then forgets the plans of all
     * of the session's queries.
     */
    private static String settings(Deadline end) {
        return String.format(Locale.ROOT, "SET LOCAL lock_timeout = '%d ms'", Math.min(LOCK_MILLIS, end.millisLeft()));
    }
}
